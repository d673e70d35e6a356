"""The Telegram channel: speaks the Bot API on one side and the hub's one message model on the other."""

import os

os.environ["PTB_TIMEDELTA"] = "1"  # the library's way to choose today what its next version does: spans as timedelta

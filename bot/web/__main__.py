"""The web application as a process: `python -m bot.web`."""

import sys
from typing import Any

import uvicorn

from bot.web.app import create_app
from bot.web.security import LARGEST_BODY
from respite.identity.senders import CodeSenderError
from respite.logs import set_up_logs
from respite.settings import settings

SERVER_OPTIONS: dict[str, Any] = {
    "access_log": False,
    "ws_max_size": LARGEST_BODY,
    "ws_per_message_deflate": False,
    "timeout_graceful_shutdown": 5,
}


def main() -> None:
    set_up_logs()
    try:
        app = create_app(settings())
    except CodeSenderError as error:
        sys.exit(str(error))
    uvicorn.run(app, host=settings().host, port=settings().web_port, log_config=None, **SERVER_OPTIONS)


if __name__ == "__main__":
    main()

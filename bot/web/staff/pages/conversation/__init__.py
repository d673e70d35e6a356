"""The page of a conversation: the thread, where one writes, and the file beside it."""

from bot.web.staff.pages.conversation import files, page, transcript  # noqa: F401

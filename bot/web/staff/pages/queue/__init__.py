"""The queue page: who waits for a person, and one's own conversations beside it."""

from bot.web.staff.pages.queue import attendance, page  # noqa: F401

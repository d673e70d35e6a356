"""In which browser somebody signs in, in words that they know it by."""

from starlette.requests import HTTPConnection

from bot.web.security import address_of
from respite.staff.sessions import Place

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
"""Marks in the header User-Agent, those that say more before those that many send; only for people to read."""


def place_of(connection: HTTPConnection) -> Place:
    """The browser and the internet address that a request came from."""
    sent = connection.headers.get("user-agent", "")
    named = [_first(BROWSERS, sent), _first(SYSTEMS, sent)]
    return Place(", ".join(filter(None, named)) or "?", address_of(connection))


def _first(names: dict[str, str], sent: str) -> str:
    return next((name for mark, name in names.items() if mark in sent), "")

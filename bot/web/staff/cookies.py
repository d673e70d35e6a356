"""The cookie that names a member's session."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot.web.staff.console import PATH

COOKIE = "respite_staff"


def token_of(connection: HTTPConnection) -> str:
    return connection.cookies.get(COOKIE, "")


def keep(response: Response, token: str, connection: HTTPConnection) -> None:
    """Let the browser keep a session's token, for the console alone, where no script can read it."""
    is_secure = connection.url.scheme == "https"
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="strict", secure=is_secure)


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH)

"""The few forms of the page: each says one thing, and is answered with the page or, in a frame, with nothing."""

from urllib.parse import parse_qs

from fastapi import Request, Response
from fastapi.responses import RedirectResponse


async def chosen(request: Request, name: str) -> str:
    """The value of the button that was pressed; empty when there was none."""
    return parse_qs((await request.body()).decode()).get(name, [""])[0]


def done(request: Request) -> Response:
    """Back to the page; a page in a frame, which shows its pass, knows by itself where to go on."""
    if "authorization" in request.headers:
        return Response(status_code=204)
    return RedirectResponse("/", status_code=303)

"""The lender's own colours and fonts: a CSS file that sets variables, which docs/web-chat.md lists."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from respite.settings import Settings

router = APIRouter()


@router.get("/theme.css")
async def theme(request: Request) -> FileResponse:
    settings: Settings = request.app.state.settings
    if settings.theme is None:
        raise HTTPException(404)
    return FileResponse(settings.theme, media_type="text/css", headers={"Cache-Control": "no-cache"})

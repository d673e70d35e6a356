"""The way in: to the first page of the navigation that the member's role includes."""

from nicegui import ui
from starlette.responses import RedirectResponse

from bot.web.staff.console import PATH
from bot.web.staff.page import first_page
from bot.web.staff.visits import arriving


@ui.page("/")
async def home() -> RedirectResponse:
    return RedirectResponse(PATH + first_page(arriving.get().role).path, status_code=303)

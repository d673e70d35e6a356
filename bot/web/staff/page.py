"""How a page of the console is made: `@staff_page(...)` on a function that fills it for a signed-in member."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec

import structlog
from nicegui import ui

from bot.web.staff.design import states
from bot.web.staff.shell import DARK, PageInfo, Place, shell
from bot.web.staff.texts import NICEGUI_LANGUAGES
from bot.web.staff.visits import VISIT, arriving
from respite.staff.roles import StaffRole

SECONDS_TO_FILL = 20
"""For how long a page is waited for when many come to work at once."""

P = ParamSpec("P")
log = structlog.get_logger()

pages: dict[str, PageInfo] = {}
"""Every page of the console, by its path."""


def navigation(role: StaffRole) -> list[PageInfo]:
    """The pages that a role finds in the navigation, in their order."""
    placed = [page for page in pages.values() if page.place and role.includes(page.at_least)]
    return sorted(placed, key=lambda page: page.place.rank if page.place else 0)


def first_page(role: StaffRole) -> PageInfo:
    """Where a role begins; the member's own account where it has no page of the navigation."""
    return next(iter(navigation(role)), pages["/account"])


class ConsolePage(ui.page):
    """A page in the language and the colours of the member who asks for it."""

    def resolve_dark(self) -> bool | None:
        return DARK[arriving.get().theme]

    def resolve_language(self) -> Any:
        return NICEGUI_LANGUAGES[arriving.get().language]


def staff_page(
    path: str, title: str, at_least: StaffRole = StaffRole.AGENT, place: Place | None = None
) -> Callable[[Callable[P, Awaitable[None]]], Callable[P, Awaitable[None]]]:
    """Show what a function fills at `path`, below /staff, to members whose role includes `at_least`.

    The function's parameters are those of the path. Whoever may not see it is told so; where it fails, that is said.
    """
    info = pages[path] = PageInfo(path, title, at_least, place)

    def decorate(fill: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        async def show(*arguments: P.args, **parameters: P.kwargs) -> None:
            client = ui.context.client
            visit = client.storage[VISIT] = arriving.get()
            with shell(info, navigation(visit.role)):
                if not visit.role.includes(at_least):
                    client.status_code = 403
                    states.denied()
                    return
                try:
                    await fill(*arguments, **parameters)
                except Exception:
                    log.exception("a page of the console failed", path=path)
                    client.status_code = 500
                    states.failed()

        show.__signature__ = inspect.signature(fill)  # type: ignore[attr-defined]
        ConsolePage(path, response_timeout=SECONDS_TO_FILL)(show)
        return fill

    return decorate

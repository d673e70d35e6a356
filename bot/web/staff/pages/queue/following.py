"""Keeping a page as the board has it."""

from collections.abc import Awaitable, Callable

import structlog
from nicegui import background_tasks, ui

from bot.web.staff.pages.queue.board import board
from bot.web.staff.visits import SignedOutError, visit_of

log = structlog.get_logger()


def follow_board(refresh: Callable[[], Awaitable[None]]) -> None:
    """Have `refresh` called on the page whenever the board has changed, until it is closed or its session ends."""
    client = ui.context.client

    async def follow() -> None:
        with board().watching() as changed:
            while visit_of(client):
                with client:
                    try:
                        await refresh()
                    except SignedOutError:
                        return
                    except Exception:
                        log.exception("a page was not brought up to date")
                await changed.wait()
                changed.clear()

    following = background_tasks.create(follow(), name="follow the queue")
    client.on_delete(lambda: following.cancel())

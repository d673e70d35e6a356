"""Regions: parts of a page that are read from the store and drawn anew when that has changed."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog
from nicegui import ui

from bot.web.staff.design import states

T = TypeVar("T")

NOT_YET = object()
log = structlog.get_logger()


class Region(Generic[T]):
    """A part of a page. What `read` returns is drawn by `draw` at once and whole, so that nothing flickers."""

    def __init__(self, read: Callable[[], Awaitable[T]], draw: Callable[[T], None], classes: str = "") -> None:
        self._read = read
        self._draw = draw
        self._drawn: object = NOT_YET
        self._holder = ui.element("div").classes(f"region {classes}")

    def wait(self, lines: int = 3) -> None:
        """Hold the place of what will be loaded."""
        self._holder.clear()
        with self._holder:
            states.loading(lines)

    async def load(self) -> None:
        """Fill it for the first time; where that fails, say so and offer another try."""
        try:
            await self.refresh()
        except Exception:
            log.exception("a part of a page could not be loaded")
            self._drawn = None
            self._holder.clear()
            with self._holder:
                states.failed(self.load)

    async def refresh(self) -> None:
        """Read, and draw if what was read differs from what stands there."""
        found = await self._read()
        if found == self._drawn:
            return
        self._drawn = found
        self._holder.clear()
        with self._holder:
            self._draw(found)

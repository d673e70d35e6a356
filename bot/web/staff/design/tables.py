"""Tables that are read: rows of words under a line of headings."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from nicegui import ui
from nicegui.element import Element

from bot.web.staff.design.tags import tag


@contextmanager
def table(caption: str, headings: Sequence[str], numbers_from: int | None = None) -> Iterator[Element]:
    """A table whose rows are made inside, with `row`. Columns from `numbers_from` on are aligned as numbers."""
    with ui.element("div").classes("table-scroller").props("tabindex=0 role=region") as scroller:
        scroller.props["aria-label"] = caption
        with ui.element("table").classes("table") as whole:
            tag("caption", caption, "unseen")
            if numbers_from is not None:
                whole.classes(f"numbers-from-{numbers_from}")
            with ui.element("thead"), ui.element("tr"):
                for heading in headings:
                    if heading:
                        tag("th", heading).props("scope=col")
                    else:
                        cell()
            with ui.element("tbody"):
                yield whole


@contextmanager
def row(*words: str) -> Iterator[Element]:
    """A row that begins with plain words; further cells are made inside, with `cell`."""
    with ui.element("tr") as line:
        for text in words:
            tag("td", text)
        yield line


def rows(lines: Iterable[Sequence[str]]) -> None:
    """Rows of plain words."""
    for words in lines:
        with row(*words):
            pass


def cell() -> Element:
    """A cell to put parts into."""
    return ui.element("td")

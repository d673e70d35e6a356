"""Dialogs: a question over the page, closed by Escape."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.elements.dialog import Dialog

from bot.web.staff.design.tags import tag


@contextmanager
def dialog(title: str, note: str = "") -> Iterator[Dialog]:
    """A dialog with a title; its parts are made inside. It is gone for good once it is closed."""
    with ui.dialog() as shown, ui.element("div").classes("dialog"):
        shown.props["aria-label"] = title
        shown.on_value_change(lambda: None if shown.value else shown.delete())
        tag("h2", title)
        if note:
            tag("p", note, "dialog-note")
        yield shown


def actions() -> ui.element:
    """The line of buttons at the end of a dialog."""
    return ui.element("div").classes("dialog-actions")

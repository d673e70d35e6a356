"""Panels, and facts and figures in them."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.element import Element

from bot.web.staff.design.tags import tag


@contextmanager
def panel(title: str, note: str = "", classes: str = "") -> Iterator[Element]:
    """A sheet with a title. What is made inside stands under it; `note` is a quieter line beneath the title."""
    with ui.element("section").classes(f"panel {classes}") as sheet:
        with ui.element("header"):
            tag("h2", title)
            if note:
                tag("p", note)
        with ui.element("div").classes("panel-body"):
            yield sheet


def facts(pairs: dict[str, str]) -> None:
    """A list of labels and their values."""
    with ui.element("dl").classes("facts"):
        for label, value in pairs.items():
            with ui.element("div"):
                tag("dt", label)
                tag("dd", value)


def figure(label: str, value: str, hint: str = "") -> Element:
    """One large number with what it counts."""
    with ui.element("div").classes("figure") as box:
        tag("span", label, "figure-label")
        tag("strong", value, "figure-value")
        tag("span", hint, "figure-hint")
    return box

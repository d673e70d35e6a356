"""Fields to fill in: a label above, a hint below where one helps."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui
from nicegui.elements.input import Input
from nicegui.elements.number import Number
from nicegui.elements.select import Select
from nicegui.elements.textarea import Textarea

from bot.web.staff.design.tags import tag


def text_field(
    label: str, value: str = "", *, hint: str = "", autocomplete: str = "off", secret: bool = False
) -> Input:
    """A line of text; a `secret` one shows dots."""
    with ui.element("div").classes("field"):
        tag("label", label).props["for"] = name = _unique(label)
        field = ui.input(value=value, password=secret).props("outlined dense")
        field.props["for"], field.props["autocomplete"] = name, autocomplete
        _hint(hint)
    return field


def long_text_field(label: str, value: str = "", *, hint: str = "", lines: int = 3) -> Textarea:
    """A text of several lines."""
    with ui.element("div").classes("field"):
        tag("label", label).props["for"] = name = _unique(label)
        field = ui.textarea(value=value).props(f"outlined dense autogrow rows={lines}")
        field.props["for"] = name
        _hint(hint)
    return field


def number_field(label: str, value: int, *, least: int, most: int) -> Number:
    """A whole number."""
    with ui.element("div").classes("field"):
        tag("label", label).props["for"] = name = _unique(label)
        field = ui.number(value=value, min=least, max=most, precision=0).props("outlined dense")
        field.props["for"] = name
    return field


def choice_field(
    label: str, options: Mapping[str, str], value: Any, *, several: bool = False, hint: str = ""
) -> Select:
    """One of some options, or several of them, each with the words that it is known by."""
    with ui.element("div").classes("field"):
        tag("label", label).props["for"] = name = _unique(label)
        field = ui.select(dict(options), value=value, multiple=several).props("outlined dense options-dense")
        field.props["for"] = name
        if several:
            field.props("use-chips")
        _hint(hint)
    return field


def complaint() -> Any:
    """Where a form says what is wrong with it; nothing until its text is set."""
    return tag("p", "", "complaint").props("role=alert")


def _hint(hint: str) -> None:
    if hint:
        tag("small", hint)


def _unique(label: str) -> str:
    """An id for a field on this page."""
    return f"field-{ui.context.client.next_element_id}"

"""Buttons, and links that look like them."""

from collections.abc import Callable
from typing import Any, Literal

from nicegui import ui
from nicegui.element import Element

from bot.web.staff.design.icons import icon
from bot.web.staff.design.tags import tag

Kind = Literal["primary", "plain", "quiet", "danger"]


def button(
    words: str,
    on_click: Callable[[], Any] | None = None,
    *,
    kind: Kind = "plain",
    symbol: str = "",
    shortcut: str = "",
) -> Element:
    """A button. `shortcut` are the keys that press it, such as `g q`; the help lists them."""
    with ui.element("button").classes(f"button {kind}").props("type=button") as made:
        _fill(words, symbol)
    press_with(made, shortcut)
    if on_click:
        made.on("click", on_click, [])
    return made


def link(words: str, target: str, *, kind: Kind = "plain", symbol: str = "") -> Element:
    """A way to another page, or to a file."""
    with ui.element("a").classes(f"button {kind}").props(f'href="{target}"') as made:
        _fill(words, symbol)
    return made


def icon_button(words: str, symbol: str, on_click: Callable[[], Any] | None = None, shortcut: str = "") -> Element:
    """A button that shows an icon; `words` are read out, and shown when one points at it."""
    with ui.element("button").classes("icon-button").props("type=button") as made:
        icon(symbol)
    made.props["aria-label"] = made.props["title"] = words
    press_with(made, shortcut)
    if on_click:
        made.on("click", on_click, [])
    return made


def press_with(element: Element, shortcut: str) -> None:
    """Let keys press an element: one key, or several after one another with spaces between."""
    if shortcut:
        element.props["data-shortcut"] = shortcut


def _fill(words: str, symbol: str) -> None:
    if symbol:
        icon(symbol)
    tag("span", words)

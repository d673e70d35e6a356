"""What stands where nothing is to be seen: nothing there, not yet, not for you, not working, no longer fresh."""

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element

from bot.web.staff.design.buttons import button
from bot.web.staff.design.icons import icon
from bot.web.staff.design.tags import tag
from bot.web.staff.texts import say


def empty(title: str, hint: str = "", symbol: str = "inbox") -> Element:
    """There is nothing, and that may be as it should."""
    return _state(title, hint, symbol, "empty")


def nothing() -> Element:
    """A period in which nothing happened that is counted here."""
    return empty(say("Nothing to count"), say("Nothing of this kind happened in these days."), "chart")


def summary(words: str) -> Element:
    """What a chart or a table says, in a sentence."""
    return tag("p", words, "summary")


def loading(lines: int = 3) -> Element:
    """Something is on its way; its place is held, so that nothing jumps when it comes."""
    with ui.element("div").classes("state-loading").props("role=status") as holder:
        tag("span", say("Loading …"), "unseen")
        for _ in range(lines):
            ui.element("div").classes("bone")
    return holder


def denied() -> Element:
    """The member's role does not include what stands here."""
    return _state(
        say("This page is not for your role"), say("An admin can change what your account may do."), "lock", "denied"
    )


def failed(again: Callable[[], Any] | None = None) -> Element:
    """Something of ours does not work; the reload is at hand, or `again` where less is enough."""
    holder = _state(
        say("This could not be loaded"), say("Nothing was changed. It is worth another try."), "warning", "failed"
    )
    holder.props("role=alert")
    with holder:
        button(say("Try again"), again or ui.navigate.reload, symbol="refresh")
    return holder


def stale(words: str) -> Element:
    """What stands here may be out of date; `words` say since when."""
    with ui.element("p").classes("stale").props("role=status") as line:
        icon("clock")
        tag("span", words)
    return line


def _state(title: str, hint: str, symbol: str, kind: str) -> Element:
    with ui.element("div").classes(f"state state-{kind}") as holder:
        icon(symbol)
        tag("h2", title)
        if hint:
            tag("p", hint)
    return holder

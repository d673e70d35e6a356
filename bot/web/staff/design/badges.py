"""Badges and timers: small marks that are read at a glance."""

from datetime import datetime
from typing import Literal

from nicegui.elements.mixins.text_element import TextElement

from bot.web.staff.design.tags import tag

Tone = Literal["neutral", "good", "warm", "late", "note"]


def badge(words: str, tone: Tone = "neutral") -> TextElement:
    """One or two words on a coloured ground. The words say it; the colour only helps."""
    return tag("span", words, f"badge {tone}")


def elapsed(since: datetime) -> TextElement:
    """How long something has lasted. The page counts by itself."""
    return _timer("since", since)


def remaining(until: datetime) -> TextElement:
    """How long there is until a deadline, and how long it has been missed. The page counts by itself."""
    return _timer("until", until)


def _timer(kind: str, moment: datetime) -> TextElement:
    timer = tag("time", "", "timer")
    timer.props["datetime"] = moment.isoformat()
    timer.props[f"data-{kind}"] = moment.isoformat()
    return timer

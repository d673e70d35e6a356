"""The chart of a card as a picture: each schedule a row of bars, drawn by Typst in the borrower's script."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typst

from bot.channels.telegram.wording import COLONS
from bot.texts import translate
from bot.web.chart import Panel, side_by_side
from respite.plans.confirmation.typesetting import fonts
from respite.support.messages import Card, ChartPoint, PlansCard, ReviewCard

LAYOUT = Path(__file__).with_name("picture.typ")
PIXELS_PER_INCH = 144

Schedules = list[tuple[str, Sequence[ChartPoint]]]
"""What each schedule is called, and its instalments."""


def picture(card: Card | None, language: str) -> tuple[bytes, str] | None:
    """A PNG of the schedules that a card compares, and the same in words; None where it compares none."""
    schedules = _schedules(card, language)
    if len(schedules) < 2 or not all(points for _, points in schedules):
        return None
    chart = side_by_side(*(points for _, points in schedules))
    rows = [
        {"name": name, "summary": _summary(panel, language)} | asdict(panel)
        for (name, _), panel in zip(schedules, chart.panels, strict=True)
    ]
    drawing = {"rows": rows} | {name: getattr(chart, name) for name in ("first", "last", "width", "height")}
    return _draw(drawing, language), "\n".join(f"{row['name']}{COLONS[language]}{row['summary']}" for row in rows)


def _schedules(card: Card | None, language: str) -> Schedules:
    now = translate(language, "Now")
    match card:
        case PlansCard():
            numbered = enumerate(card.options, start=1)
            return [
                (now, card.before),
                *((f"{number}. {option.title}", option.schedule) for number, option in numbered),
            ]
        case ReviewCard(state="open"):
            return [(now, card.before), (translate(language, "With this plan"), card.after)]
        case _:
            return []


def _summary(panel: Panel, language: str) -> str:
    return translate(language, "%(count)s × up to %(amount)s", count=len(panel.bars), amount=panel.largest)


def _draw(drawing: dict[str, object], language: str) -> bytes:
    drawn: bytes = typst.compile(
        LAYOUT,
        font_paths=fonts(),
        sys_inputs={"language": language, "chart": json.dumps(drawing, ensure_ascii=False)},
        format="png",
        ppi=PIXELS_PER_INCH,
    )
    return drawn

"""The chart as a picture, in the borrower's script."""

import struct
from datetime import date

import pytest

from bot.channels.telegram.picture import picture
from respite.support.messages import Message, PlansCard, ReviewCard, in_script
from tests.web import samples


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, as the header of a PNG says."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def review(language: str) -> ReviewCard:
    card = in_script(Message(text="", card=samples.review(language)), language).card
    assert isinstance(card, ReviewCard)
    return card


def compared(language: str = "en") -> PlansCard:
    """Plans whose schedules are known."""
    card = samples.plans(language)
    schedules = [samples.points(count, 90_000, date(2026, 12, 5), language=language) for count in (9, 12, 18)]
    options = [
        option.model_copy(update={"schedule": schedule})
        for option, schedule in zip(card.options, schedules, strict=True)
    ]
    return card.model_copy(update={"options": tuple(options), "before": samples.points(9, 126_467, language=language)})


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_plan_is_drawn_beside_the_present_schedule_and_said_in_words(language: str) -> None:
    drawn = picture(review(language), language)
    assert drawn is not None
    png, words = drawn
    assert size(png)[0] > size(png)[1] > 400
    now, after = {
        "en": ("Now: 9 × up to", "With this plan: 12 ×"),
        "zh-Hans": ("目前：9 期", "按此方案：12 期"),
        "zh-Hant": ("目前：9 期", "按此方案：12 期"),
    }[language]
    assert words.startswith(now)
    assert after in words


def test_each_script_has_its_own_letters() -> None:
    assert len({picture(review(language), language) for language in ("en", "zh-Hans", "zh-Hant")}) == 3


def test_plans_are_drawn_below_each_other_on_one_scale() -> None:
    drawn = picture(compared(), "en")
    assert drawn is not None
    png, words = drawn
    assert size(png)[1] > size(png)[0]
    assert words.splitlines()[0] == "Now: 9 × up to ¥1,264.67"
    assert words.splitlines()[3] == "3. Spread over 18 instalments: 18 × up to ¥900.00"


@pytest.mark.parametrize("card", [None, samples.bill(), samples.schedule(), samples.plans()])
def test_where_no_schedules_are_compared_nothing_is_drawn(card: object) -> None:
    assert picture(card, "en") is None  # type: ignore[arg-type]

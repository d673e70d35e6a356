"""Moments, days and numbers as whoever looks at the page writes them, on the lender's clock."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent

from bot.web.staff.console import console
from bot.web.staff.visits import visit
from respite.formatting import Fact, format_fact
from respite.languages import to_traditional, written_in

LOCALES = {"en": "en_GB", "zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW"}


def locale() -> str:
    return LOCALES[visit().language]


def moment(at: datetime) -> str:
    return str(format_datetime(at, "medium", tzinfo=console().clock.timezone, locale=locale()))


def time_of_day(at: datetime) -> str:
    return str(format_time(at, "short", tzinfo=console().clock.timezone, locale=locale()))


def day_of(at: datetime) -> str:
    """The day of a moment, on the lender's calendar."""
    return day(at.astimezone(console().clock.timezone).date())


def ago(at: datetime) -> str:
    """How long ago something was, in one unit."""
    return str(format_timedelta(at - console().clock.now(), add_direction=True, locale=locale()))


def day(on: date) -> str:
    return str(format_date(on, "medium", locale=locale()))


def short_day(on: date) -> str:
    """A day without its year, for an axis."""
    return str(format_skeleton("MMMd", datetime.combine(on, time()), locale=locale()))


def fact(value: Fact) -> str:
    """A value of the lending core: an amount, a rate in percent, a day, a number of days, a count."""
    language = visit().language
    if isinstance(value, date):
        return day(value)
    words = format_fact(value, written_in(language))
    return to_traditional(words) if language == "zh-Hant" else words


def number(value: float) -> str:
    return str(format_decimal(value, "#,##0.#", locale=locale()))


def share(value: float | None) -> str:
    """A share of 1 as a percentage; a dash where there is none."""
    return "–" if value is None else str(format_percent(value, "#,##0.#%", locale=locale()))


def points(value: float | None) -> str:
    """A difference of shares in percentage points, with its sign."""
    if value is None:
        return "–"
    return ("+" if value > 0 else "") + str(format_decimal(value * 100, "0.0", locale=locale()))


def rough_span(length: timedelta) -> str:
    """A length of time in one unit."""
    return str(format_timedelta(length, locale=locale()))


def span(length: timedelta | None) -> str:
    """A length of time in minutes and seconds, or hours and minutes; a dash where there is none."""
    if length is None:
        return "–"
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

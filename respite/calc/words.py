"""The kinds of words that questions are made of: amounts, percentages, counts, days, steps, roundings."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from respite.calc.rounding_words import RoundingChoice, british, parse_rounding
from respite.lending.calendar import DayCount, Every
from respite.lending.delinquency import Pause
from respite.lending.money import CENT, Rounding, minor_unit
from respite.lending.terms import LARGEST_AMOUNT, LONGEST_COUNT, Method

YEARS = range(1900, 2200)
HIGHEST_PERCENT = 10_000
MOST_COUNTED = 10_000
LONGEST_GRACE = 120
MOST = int(LARGEST_AMOUNT)
DAY_COUNTS = {"360": DayCount.ACTUAL_360, "365": DayCount.ACTUAL_365}


class Words(BaseModel):
    """A question. A word that is not among its fields is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CurrencyWords(Words):
    """A question whose amounts are in a currency; of two decimals where none is named."""

    currency: str | None = None

    @property
    def minor_unit(self) -> Decimal:
        """The smallest unit of the currency."""
        return minor_unit(self.currency) if self.currency else CENT

    def show(self, amount: Decimal) -> Decimal:
        """`amount` with the decimals of the currency."""
        return Rounding(self.minor_unit).round(amount).quantize(self.minor_unit)


def _number(value: object) -> Decimal:
    if isinstance(value, int | Decimal | str) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            pass
        else:
            if number.is_finite():
                return number
    raise ValueError("Write a number, such as 1234.50.")


def _whole_number(value: object) -> int:
    number = _number(value)
    if not -MOST_COUNTED <= number <= MOST_COUNTED:
        raise ValueError(f"Give a whole number of at most {MOST_COUNTED}, such as 12.")
    if number != int(number):
        raise ValueError("Write a whole number, such as 12.")
    return int(number)


def _ratio(value: object) -> Decimal:
    """A number, or a sum of numbers and fractions in a string: "0.075/12", "12+28/30"."""
    if not isinstance(value, str):
        return _number(value)
    try:
        total = sum((_fraction(term) for term in value.split("+")), Fraction(0))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError('Write a number or a sum of fractions, such as "0.075/12" or "12+28/30".') from error
    return Decimal(total.numerator) / total.denominator


def _fraction(term: str) -> Fraction:
    above, _, below = term.partition("/")
    return Fraction(above.strip()) / Fraction(below.strip() or "1")


def _day(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("Write a date as YYYY-MM-DD, such as 2024-02-29.")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value} is not in the calendar; give a date that exists.") from error
    if day.year not in YEARS:
        raise ValueError(f"{value} is out of range; give a date from {YEARS[0]} to {YEARS[-1]}.")
    return day


def _month(value: object) -> date:
    return _day(f"{value}-01")


def parse_step(value: object) -> Every:
    """The step from "1 month", "2 weeks" or "15 days". Raises ValueError for other words."""
    found = re.fullmatch(r"(\d{1,4}) (month|day|week)s?", value) if isinstance(value, str) else None
    if not found or found[1].strip("0") == "":
        raise ValueError('Write the step as "1 month", "2 weeks" or "15 days".')
    count = int(found[1])
    return {"month": Every(months=count), "week": Every(days=7 * count), "day": Every(days=count)}[found[2]]


def _day_count(value: object) -> object:
    return DAY_COUNTS.get(str(value), value)


def _pauses(value: object) -> tuple[Pause, ...]:
    """One pause [first day, last day], or a list of them."""
    given = value if isinstance(value, list) else []
    pairs: Sequence[Any] = given if given and isinstance(given[0], list) else [given]
    if any(not isinstance(pair, list) or len(pair) != 2 for pair in pairs):
        raise ValueError("Write a pause as [first day, last day], both days included.")
    return tuple(Pause(_day(first), _day(last)) for first, last in pairs)


def as_list(value: object) -> object:
    """A list as it is, and one thing as a list of it."""
    return value if isinstance(value, list) else [value]


def _payments(value: object) -> object:
    """One payment [date, amount], or a list of them."""
    return [value] if isinstance(value, list) and value and not isinstance(value[0], list) else value


Number = Annotated[Decimal, BeforeValidator(_number)]
Amount = Annotated[Number, Field(gt=0, le=MOST)]
AmountOrZero = Annotated[Number, Field(ge=0, le=MOST)]
Percent = Annotated[Number, Field(ge=0, le=HIGHEST_PERCENT)]
Ratio = Annotated[Decimal, BeforeValidator(_ratio), Field(ge=0, le=LONGEST_COUNT)]
Ratios = Annotated[tuple[Ratio, ...], BeforeValidator(as_list), Field(min_length=1)]
Count = Annotated[int, BeforeValidator(_whole_number), Field(ge=1, le=LONGEST_COUNT)]
CountOrZero = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=LONGEST_COUNT)]
Grace = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=LONGEST_GRACE)]
Day = Annotated[date, BeforeValidator(_day)]
Days = Annotated[tuple[Day, ...], BeforeValidator(as_list), Field(min_length=1)]
DayNumbers = Annotated[
    tuple[Annotated[int, BeforeValidator(_whole_number), Field(ge=0)], ...], BeforeValidator(as_list)
]
Months = Annotated[tuple[Annotated[date, BeforeValidator(_month)], ...], Field(min_length=1)]
Step = Annotated[Every, BeforeValidator(parse_step)]
RoundingWord = Annotated[RoundingChoice, BeforeValidator(parse_rounding)]
MethodWord = Annotated[Method, BeforeValidator(british)]
DayCountWord = Annotated[DayCount, BeforeValidator(_day_count)]
Pauses = Annotated[tuple[Pause, ...], BeforeValidator(_pauses)]
Paid = Annotated[tuple[tuple[Day, Amount], ...], BeforeValidator(_payments)]

"""What a cell may hold: how its text becomes a value, and what is said of a text that cannot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import phonenumbers
import polars as pl
from phonenumbers import PhoneNumberFormat, ValidationResult

LARGEST_INTEGER = 2**31 - 1
LARGEST_RATE = 1000
LONGEST_QUOTATION = 40
RATE_DECIMALS = 6
RATE = pl.Decimal(38, RATE_DECIMALS)
EARLIEST_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class Rule:
    """Cells for which `fails` holds are rejected; `wrong` says why, and `remedy` what to do."""

    fails: pl.Expr
    wrong: pl.Expr
    remedy: str


@dataclass(frozen=True)
class Column:
    """A column of a file. The first rule that fails is the one that is told; `default` stands in for an absent cell.

    Only a column that `is_needed` must be in the file.
    """

    name: str
    value: pl.Expr
    rules: tuple[Rule, ...]
    default: str | None = None
    is_needed: bool = True

    def or_else(self, default: str) -> "Column":
        """The same column, which a file may leave out."""
        return replace(self, default=default, is_needed=False)

    def or_empty(self) -> "Column":
        """The same column, whose cells may be empty; nothing stands in for them."""
        is_filled_in = pl.col(self.name).is_not_null()
        rules = tuple(replace(rule, fails=is_filled_in & rule.fails) for rule in self.rules)
        return replace(self, rules=rules, is_needed=False)

    @property
    def verdict(self) -> pl.Expr:
        """The index of the first rule that fails, or null."""
        first_failure = pl.coalesce(
            pl.when(rule.fails).then(pl.lit(index, pl.Int8)) for index, rule in enumerate(self.rules)
        )
        return first_failure.alias(self.name)


def text(name: str, longest: int) -> Column:
    cell = pl.col(name)
    return Column(
        name,
        cell,
        (
            _not_empty(name),
            Rule(cell.str.contains(r"\p{Cc}"), pl.lit("It holds a control character."), "Remove the character."),
            Rule(
                cell.str.len_chars() > longest,
                pl.lit(f"It is longer than {longest} characters."),
                f"Shorten it to {longest} characters.",
            ),
        ),
    )


def choice(name: str, known: Iterable[str], what: str) -> Column:
    """One of the `known` words; `what` is said of any other, such as `no product of the policy`."""
    words = sorted(known)
    unknown = Rule(~pl.col(name).is_in(words), _quote(name, f"is {what}."), f"Write one of: {', '.join(words)}.")
    return Column(name, pl.col(name), (_not_empty(name), unknown))


def amount(name: str, decimals: int, *, above_zero: bool = False) -> Column:
    """An amount in units of a currency with so many decimals; its value is in minor units."""
    example = f"Write a plain number like {'1234.' + '5' * decimals if decimals else '1234'}."
    cell = pl.col(name)
    value = _in_steps(cell, decimals)
    rules = [*_decimal_rules(name, decimals, example), _not_above(name, value, LARGEST_INTEGER, "Check the amount.")]
    if above_zero:
        rules.append(Rule(value == 0, pl.lit("It is zero."), "Write an amount above zero, or leave the row out."))
    return Column(name, value, tuple(rules))


def rate(name: str) -> Column:
    """Percent a year, or percent of the amount lent an instalment, with at most six decimals."""
    value = pl.col(name).cast(RATE, strict=False)
    rules = _decimal_rules(name, RATE_DECIMALS, "Write percent as a plain number: 18 for 18 %.")
    return Column(name, value, (*rules, _not_above(name, value, LARGEST_RATE - 1, "Check the rate.")))


def whole_number(name: str) -> Column:
    """A number from 1."""
    cell = pl.col(name)
    remedy = "Write a whole number from 1."
    return Column(
        name,
        cell.str.extract(r"^([0-9]{1,9})").cast(pl.Int32, strict=False),
        (
            _not_empty(name),
            Rule(~cell.str.contains(r"^[0-9]{1,9}(\.0*)?$"), _quote(name, "is no whole number."), remedy),
            Rule(cell.str.contains(r"^0+(\.0*)?$"), pl.lit("It is zero."), remedy),
        ),
    )


def day(name: str, latest: date, too_late: str, remedy: str) -> Column:
    """A date up to `latest`; `too_late` is said of a later one, such as `is after the business date 2026-11-22`."""
    cell = pl.col(name)
    value = cell.str.to_date("%Y-%m-%d", strict=False)
    return Column(
        name,
        value,
        (
            _not_empty(name),
            Rule(
                ~cell.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
                _quote(name, "is no date in the form YYYY-MM-DD."),
                "Write the date like 2026-01-31.",
            ),
            Rule(value.is_null(), _quote(name, "is no day of the calendar."), "Write a day that exists."),
            Rule(value < EARLIEST_DAY, _quote(name, f"is before {EARLIEST_DAY}."), "Check the year."),
            Rule(value > latest, _quote(name, f"{too_late}."), remedy),
        ),
    )


def phone(name: str, country: str) -> Column:
    """A phone number, which becomes E.164; `country` (ISO 3166) is that of numbers without a prefix."""
    value = pl.col(name).map_elements(_e164_of(country), pl.String, skip_nulls=True)
    no_number = Rule(
        value.is_null(),
        pl.lit("It is no phone number."),
        f"Write the whole number: with + and country code, or as it is dialled within {country}.",
    )
    return Column(name, value, (_not_empty(name), no_number))


def spelled(minor: pl.Expr, decimals: int) -> pl.Expr:
    """An amount in minor units as a reader writes it: 170100 is 1701.00."""
    if decimals == 0:
        return minor.cast(pl.String)
    unit = 10**decimals
    return pl.format("{}.{}", minor // unit, (minor % unit).cast(pl.String).str.zfill(decimals))


def _not_empty(name: str) -> Rule:
    return Rule(pl.col(name).is_null(), pl.lit("It is empty."), "Fill it in.")


def _decimal_rules(name: str, decimals: int, remedy: str) -> tuple[Rule, ...]:
    cell = pl.col(name)
    return (
        _not_empty(name),
        Rule(~cell.str.contains(r"^-?[0-9]+(\.[0-9]*)?$"), _quote(name, "is no plain number."), remedy),
        Rule(cell.str.contains("^-.*[1-9]"), _quote(name, "is below zero."), "Write it as zero or above."),
        Rule(
            cell.str.contains(rf"\.[0-9]{{{decimals}}}[0-9]*[1-9]"),
            _quote(name, f"has more than {decimals} decimals."),
            f"Round it to {decimals} decimals.",
        ),
    )


def _not_above(name: str, value: pl.Expr, largest: int, remedy: str) -> Rule:
    return Rule(value.is_null() | (value > largest), _quote(name, "is too large."), remedy)


def _in_steps(cell: pl.Expr, decimals: int) -> pl.Expr:
    steps: int = 10**decimals
    return (cell.cast(pl.Decimal(38, decimals), strict=False) * steps).cast(pl.Int64, strict=False)


def _quote(name: str, sentence: str) -> pl.Expr:
    return pl.format(f"“{{}}” {sentence}", pl.col(name).str.head(LONGEST_QUOTATION))


def _e164_of(country: str) -> Callable[[str], str | None]:
    @cache
    def e164(text: str) -> str | None:
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            return None
        is_whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
        return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_whole else None

    return e164

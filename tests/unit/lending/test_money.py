"""Money is exact and rounding has a name."""

from decimal import Decimal

import pytest

from respite.lending.errors import LendingError
from respite.lending.money import Money, Rounding
from respite.lending.sharing import even_shares


@pytest.mark.parametrize(
    ("mode", "rounded"),
    [
        ("half_up", ["0.13", "-0.13"]),
        ("half_even", ["0.12", "-0.12"]),
        ("up", ["0.13", "-0.13"]),
        ("down", ["0.12", "-0.12"]),
        ("ceiling", ["0.13", "-0.12"]),
        ("floor", ["0.12", "-0.13"]),
    ],
)
def test_half_a_cent_goes_where_the_mode_says(mode: str, rounded: list[str]) -> None:
    found = [Rounding(mode=mode).round(Decimal(amount)) for amount in ("0.125", "-0.125")]
    assert found == [Decimal(amount) for amount in rounded]


def test_a_third_of_three_is_one_however_it_is_cut() -> None:
    assert Rounding(mode="down").round(Decimal(1) / 3 * 3) == 1
    assert Rounding(Decimal(5), "half_up").round(Decimal("12.5")) == 15


def test_minor_units_follow_the_currency() -> None:
    assert Money.from_minor(1701, "CNY") == Money(Decimal("17.01"), "CNY")
    assert Money(Decimal(1701), "JPY").minor == 1701
    assert Money.from_minor(1701, "CNY").minor == 1701


def test_money_of_one_currency_adds_up() -> None:
    assert Money(Decimal("0.10"), "USD") + Money(Decimal("0.20"), "USD") == Money(Decimal("0.30"), "USD")
    assert (Money(Decimal("0.10"), "USD") - Money(Decimal("0.10"), "USD")).is_zero


@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [
        ("0.001", "CNY", "amount"),
        ("0.5", "JPY", "amount"),
        ("NaN", "CNY", "amount"),
        ("1", "QQQ", "currency"),
    ],
)
def test_what_is_not_money_is_refused(amount: str, currency: str, field: str) -> None:
    with pytest.raises(LendingError) as error:
        Money(Decimal(amount), currency)
    assert error.value.field == field


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="USD cannot be added"):
        Money(Decimal(1), "CNY") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(("quantum", "mode", "field"), [("0", "half_up", "quantum"), ("1", "sideways", "mode")])
def test_an_unknown_rounding_is_refused(quantum: str, mode: str, field: str) -> None:
    with pytest.raises(LendingError) as error:
        Rounding(Decimal(quantum), mode)
    assert error.value.field == field


def test_shares_lose_no_cent() -> None:
    assert even_shares(Decimal("0.71"), 6, Rounding()) == [Decimal("0.12")] * 5 + [Decimal("0.11")]
    assert even_shares(Decimal("0.02"), 3, Rounding()) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]

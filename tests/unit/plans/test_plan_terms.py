"""The terms that consent binds: the same in the store as on the screen, and sealed with all that they rest on."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.lending.money import Money
from respite.lending.schedule import Instalment, Schedule
from respite.plans.terms import PlanTerms, terms_hash
from respite.policies.model import PlanKind

DATES = st.dates(date(2020, 1, 1), date(2040, 12, 31))
CURRENCIES = st.sampled_from(["CNY", "USD", "GBP", "JPY", "KWD"])
MINOR = st.integers(0, 10**9)


@st.composite
def plan_terms(draw: st.DrawFn) -> PlanTerms:
    currency = draw(CURRENCIES)

    def money() -> Money:
        return Money.from_minor(draw(MINOR), currency)

    starts_on, count = draw(DATES), draw(st.integers(1, 5))
    dues = [starts_on + timedelta(days=30 * (number + 1)) for number in range(count)]
    amounts = ("principal", "interest", "fee", "carried")
    return PlanTerms(
        kind=draw(st.sampled_from(PlanKind)),
        loan_reference=draw(st.text(min_size=1, max_size=20)),
        number=draw(st.none() | st.integers(1, 60)),
        until=draw(DATES),
        starts_on=starts_on,
        schedule=Schedule(
            tuple(
                Instalment(number, due, **{name: money().amount for name in amounts})
                for number, due in enumerate(dues, start=1)
            ),
            start=starts_on,
        ),
        total=money(),
        extra_against_agreed=money(),
        extra_against_payoff=money(),
        effective_annual_rate=draw(st.decimals("0", "1000", places=6)),
    )


@given(plan_terms())
def test_terms_written_down_and_read_again_are_the_same(terms: PlanTerms) -> None:
    assert PlanTerms.from_json(json.loads(json.dumps(terms.as_json()))) == terms


TERMS = PlanTerms(
    kind=PlanKind.DEFERRAL,
    loan_reference="L-7K2MQ9",
    number=5,
    until=date(2026, 12, 27),
    starts_on=date(2026, 11, 22),
    schedule=Schedule(
        (
            Instalment(5, date(2026, 12, 27), Decimal(900), Decimal(20), Decimal(1), Decimal(2)),
            Instalment(6, date(2027, 1, 27), Decimal(900), Decimal(10)),
        ),
        start=date(2026, 11, 22),
    ),
    total=Money(Decimal(1833), "CNY"),
    extra_against_agreed=Money(Decimal(12), "CNY"),
    extra_against_payoff=Money(Decimal(30), "CNY"),
    effective_annual_rate=Decimal("18.5"),
).as_json()


def sealed(terms: dict[str, object] = TERMS, version: int = 3, policy: str = "cn-2026-11", language: str = "en") -> str:
    return terms_hash(terms, version, policy, language)


@pytest.mark.parametrize("name", TERMS)
def test_the_hash_changes_with_any_term(name: str) -> None:
    assert sealed({**TERMS, name: "another"}) != sealed()


@pytest.mark.parametrize("name", TERMS["instalments"][0])
@pytest.mark.parametrize("place", [0, 1])
def test_the_hash_changes_with_any_part_of_an_instalment(place: int, name: str) -> None:
    instalments = [dict(each) for each in TERMS["instalments"]]
    instalments[place][name] = "another"
    assert sealed({**TERMS, "instalments": instalments}) != sealed()


def test_the_hash_changes_with_loan_policy_and_language() -> None:
    others = [sealed(version=4), sealed(policy="cn-2026-12"), sealed(language="zh")]
    assert len({sealed(), *others}) == 4


def test_the_hash_does_not_depend_on_the_order_in_which_terms_are_stored() -> None:
    assert sealed(dict(reversed(TERMS.items()))) == sealed()

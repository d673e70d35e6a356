"""Each risk signal by itself, and what their weights add up to."""

from decimal import Decimal
from typing import Any

import pytest

from respite.identity.risk.signals import RULES, Facts, Outcome, assess
from respite.policies.identity import RiskPolicy, RiskSignals
from respite.policies.load import SHIPPED, load_policy

HARMLESS = Facts(
    is_new_chat=False,
    is_new_address=False,
    numbers_from_address=1,
    addresses_for_number=1,
    attempts=1,
    days_of_history=0,
    hours_from_usual=0,
    is_other_language=False,
)
POLICY = RiskPolicy()


def facts(**changes: Any) -> Facts:
    return HARMLESS.model_copy(update=changes)


GIVES: dict[str, tuple[Facts, ...]] = {
    "new_chat": (facts(is_new_chat=True),),
    "new_address": (facts(is_new_address=True),),
    "numbers_from_address": (facts(numbers_from_address=10), facts(numbers_from_address=50)),
    "addresses_for_number": (facts(addresses_for_number=4),),
    "rapid_attempts": (facts(attempts=8),),
    "odd_hour": (facts(days_of_history=10, hours_from_usual=4), facts(days_of_history=200, hours_from_usual=12)),
    "language_change": (facts(is_other_language=True),),
    "country_change": (facts(is_other_country=True),),
    "large_amount": (facts(amount=Decimal(50_000)),),
}
GIVES_NONE = {
    "a quiet sign-in": HARMLESS,
    "an office behind one address": facts(numbers_from_address=9),
    "a phone that moves about": facts(addresses_for_number=3),
    "two codes and some typing errors": facts(attempts=7),
    "an odd hour of somebody hardly known": facts(days_of_history=9, hours_from_usual=12),
    "a little later than usual": facts(days_of_history=200, hours_from_usual=3),
    "an ordinary plan": facts(amount=Decimal("49999.99")),
}


def test_every_rule_has_a_key_in_the_policy_and_every_key_a_rule() -> None:
    assert set(RULES) == set(RiskSignals.model_fields)


@pytest.mark.parametrize(("name", "given"), [(name, each) for name, all_of in GIVES.items() for each in all_of])
def test_a_signal_is_given_by_its_facts_alone(name: str, given: Facts) -> None:
    weight = getattr(POLICY.signals, name).weight
    assert assess(given, POLICY).signals == {name: weight}


@pytest.mark.parametrize("given", GIVES_NONE.values(), ids=GIVES_NONE)
def test_what_is_ordinary_gives_no_signal(given: Facts) -> None:
    assert assess(given, POLICY).signals == {}


def test_every_signal_has_an_example() -> None:
    assert set(GIVES) == set(RULES)


def test_a_first_sign_in_on_a_new_device_is_allowed() -> None:
    assert assess(facts(is_new_chat=True, is_new_address=True), POLICY).outcome is Outcome.ALLOW


@pytest.mark.parametrize("policy", sorted(file.stem for file in SHIPPED.glob("*.yml")))
def test_no_signal_alone_keeps_a_borrower_out(policy: str) -> None:
    risk = load_policy(policy).identity.risk
    for of_one in GIVES.values():
        for given in of_one:
            assert assess(given, risk).outcome is not Outcome.REFUSE


def test_a_new_device_behind_the_address_of_a_whole_town_is_allowed() -> None:
    busy = facts(is_new_chat=True, is_new_address=True, numbers_from_address=1_000)
    assert assess(busy, POLICY).outcome is Outcome.ALLOW


def test_a_new_device_for_a_number_that_is_tried_from_many_places_is_asked_for_more() -> None:
    assessed = assess(facts(is_new_chat=True, is_new_address=True, addresses_for_number=4), POLICY)
    assert (assessed.score, assessed.outcome) == (50, Outcome.STEP_UP)


def test_many_signals_together_bring_a_person_in() -> None:
    stolen = facts(is_new_chat=True, is_new_address=True, attempts=9, addresses_for_number=5)
    assert assess(stolen, POLICY).outcome is Outcome.REFUSE


@pytest.mark.parametrize(("weight", "outcome"), [(49, "allow"), (50, "step_up"), (79, "step_up"), (80, "refuse")])
def test_a_score_is_judged_by_the_thresholds(weight: int, outcome: str) -> None:
    policy = RiskPolicy.model_validate({"signals": {"new_chat": {"weight": weight}}})
    assessed = assess(facts(is_new_chat=True), policy)
    assert (assessed.score, assessed.outcome) == (weight, outcome)


def test_a_signal_without_weight_is_left_out() -> None:
    policy = RiskPolicy.model_validate({"signals": {"new_chat": {"weight": 0}}})
    assert assess(facts(is_new_chat=True), policy).signals == {}

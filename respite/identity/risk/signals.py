"""The lender's risk signals: each a small rule over a few facts, whose weights add up to a score and an outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from respite.policies.identity import RiskPolicy, RiskSignals


class Outcome(StrEnum):
    ALLOW = "allow"
    STEP_UP = "step_up"
    """A fresh code is needed, whatever was typed before."""
    REFUSE = "refuse"
    """A person has to look first."""


class Facts(BaseModel):
    """All that the rules look at. It names nobody, so that it can be kept, and judged again under other rules.

    New is a chat or an address from which the borrower had not signed in before the last 24 hours. Numbers and
    addresses are counted over 24 hours, attempts (codes asked for, wrong codes) over one. `days_of_history` are days
    of activity before that, `hours_from_usual` the hours between now and the nearest hour of the day with any of it.
    `amount` is what a plan asks for in all, in the policy's currency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_new_chat: bool
    is_new_address: bool
    numbers_from_address: int
    addresses_for_number: int
    attempts: int
    days_of_history: int
    hours_from_usual: int
    is_other_language: bool
    is_other_country: bool = False
    amount: Decimal | None = None


@dataclass(frozen=True)
class Assessment:
    """What the rules make of some facts: the weight of each signal that was given, their sum, and what follows."""

    signals: dict[str, int]
    score: int
    outcome: Outcome


def assess(facts: Facts, policy: RiskPolicy) -> Assessment:
    """Judge facts by a policy."""
    given = (name for name, is_given in RULES.items() if is_given(facts, policy.signals))
    weights = {name: getattr(policy.signals, name).weight for name in given}
    signals = {name: weight for name, weight in weights.items() if weight}
    score = sum(signals.values())
    if score >= policy.refuse_from:
        return Assessment(signals, score, Outcome.REFUSE)
    return Assessment(signals, score, Outcome.STEP_UP if score >= policy.step_up_from else Outcome.ALLOW)


def new_chat(facts: Facts, signals: RiskSignals) -> bool:
    return facts.is_new_chat


def new_address(facts: Facts, signals: RiskSignals) -> bool:
    return facts.is_new_address


def numbers_from_address(facts: Facts, signals: RiskSignals) -> bool:
    return facts.numbers_from_address >= signals.numbers_from_address.at_least


def addresses_for_number(facts: Facts, signals: RiskSignals) -> bool:
    return facts.addresses_for_number >= signals.addresses_for_number.at_least


def rapid_attempts(facts: Facts, signals: RiskSignals) -> bool:
    return facts.attempts >= signals.rapid_attempts.at_least


def odd_hour(facts: Facts, signals: RiskSignals) -> bool:
    rule = signals.odd_hour
    return facts.days_of_history >= rule.days_of_history and facts.hours_from_usual >= rule.hours_from_usual


def language_change(facts: Facts, signals: RiskSignals) -> bool:
    return facts.is_other_language


def country_change(facts: Facts, signals: RiskSignals) -> bool:
    return facts.is_other_country


def large_amount(facts: Facts, signals: RiskSignals) -> bool:
    return facts.amount is not None and facts.amount >= signals.large_amount.at_least


RULES: dict[str, Callable[[Facts, RiskSignals], bool]] = {
    rule.__name__: rule
    for rule in (
        new_chat,
        new_address,
        numbers_from_address,
        addresses_for_number,
        rapid_attempts,
        odd_hour,
        language_change,
        country_change,
        large_amount,
    )
}
"""Every rule under the name of its signal, which is also that of its key in the policy."""

"""How a lender makes sure who is speaking: fresh codes, idle chats, and the risk signals that ask for more."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from respite.policies.section import Amount, Section

Minutes = Annotated[int, Field(ge=1, le=1440)]
Weight = Annotated[int, Field(ge=0, le=100)]
Positive = Annotated[int, Field(ge=1)]


class Signal(Section):
    """What a risk signal adds to the score of a decision; 0 leaves it out."""

    weight: Weight


class CountedSignal(Section):
    """A risk signal that something counted gives."""

    weight: Weight
    at_least: Positive


class HourSignal(Section):
    """Activity this many hours from any hour of the day on which the borrower was active before."""

    weight: Weight
    hours_from_usual: Annotated[int, Field(ge=1, le=12)]
    days_of_history: Positive


class AmountSignal(Section):
    """A plan with which this much, in the policy's currency, is paid back."""

    weight: Weight
    at_least: Amount


class RiskSignals(Section):
    """Every risk signal there is; respite/identity/risk/signals.py says when each is given."""

    new_chat: Signal = Signal(weight=10)
    new_address: Signal = Signal(weight=10)
    numbers_from_address: CountedSignal = CountedSignal(weight=20, at_least=10)
    addresses_for_number: CountedSignal = CountedSignal(weight=30, at_least=4)
    odd_hour: HourSignal = HourSignal(weight=15, hours_from_usual=4, days_of_history=10)
    rapid_attempts: CountedSignal = CountedSignal(weight=30, at_least=8)
    language_change: Signal = Signal(weight=10)
    country_change: Signal = Signal(weight=40)
    large_amount: AmountSignal = AmountSignal(weight=20, at_least=Decimal(50_000))


class RiskPolicy(Section):
    """From which score on a fresh code is asked for, and from which on a person has to look first."""

    step_up_from: Positive = 50
    refuse_from: Positive = 80
    signals: RiskSignals = RiskSignals()

    @field_validator("refuse_from")
    @classmethod
    def lies_above_step_up(cls, refuse: int, info: ValidationInfo) -> int:
        step_up = info.data.get("step_up_from", 0)
        if refuse <= step_up:
            raise ValueError(f"is {refuse}; use more than step_up_from ({step_up})")
        return refuse


class IdentityPolicy(Section):
    """For how many minutes a code is fresh, and after how many without a message a borrower is signed out."""

    fresh_code_minutes: Minutes = 10
    idle_minutes: Minutes = 30
    risk: RiskPolicy = RiskPolicy()

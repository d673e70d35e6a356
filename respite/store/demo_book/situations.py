"""The situations that borrowers get into. Days count from the business date; below zero they are past."""

from dataclasses import dataclass
from typing import Literal

from respite.policies.model import PlanKind


@dataclass(frozen=True)
class PlanStory:
    """A plan that was booked on a day, and what became of it.

    A deferral is the longest that policy allows; a restructuring has `count` instalments.
    """

    kind: PlanKind
    booked: int
    state: Literal["active", "kept", "broken"]
    count: int = 0


@dataclass(frozen=True)
class PromiseStory:
    """A word that was given on a day, to pay the oldest unpaid instalment by another day."""

    promised: int
    due: int
    state: Literal["open", "kept", "partly_kept", "broken"]


@dataclass(frozen=True)
class Situation:
    """Where a loan stands, told by the due date of its oldest unpaid instalment under the contract.

    due: the days among which that due date is chosen; for a settled loan, the last due date.
    is_part_paid: half of that instalment was paid on time.
    is_overpaid: half an instalment more was paid than is owed.
    """

    name: str
    due: range
    is_new: bool = False
    is_settled: bool = False
    is_part_paid: bool = False
    is_overpaid: bool = False
    plan: PlanStory | None = None
    promise: PromiseStory | None = None


DEFERRAL, RESTRUCTURING = PlanKind.DEFERRAL, PlanKind.RESTRUCTURING

ORDINARY = (
    Situation("on time", range(8, 27)),
    Situation("due soon", range(1, 8)),
    Situation("due today", range(1)),
    Situation("in the grace period", range(-3, 0)),
    Situation("up to a month late", range(-30, -3)),
    Situation("in the second month late", range(-60, -30)),
    Situation("in the third month late", range(-90, -60)),
    Situation("more than three months late", range(-200, -90)),
    Situation("partly paid, not yet due", range(2, 12), is_part_paid=True),
    Situation("partly paid and late", range(-25, -4), is_part_paid=True),
    Situation("overpaid", range(-60, -10), is_settled=True, is_overpaid=True),
    Situation("newly lent", range(18, 27), is_new=True),
    Situation("settled", range(-300, -10), is_settled=True),
)

PROMISED = (
    Situation("promise open", range(-14, -9), promise=PromiseStory(-4, 5, "open")),
    Situation("promise kept", range(15, 18), promise=PromiseStory(-18, -13, "kept")),
    Situation("promise partly kept", range(-20, -14), promise=PromiseStory(-22, -12, "partly_kept")),
    Situation("promise broken", range(-40, -25), promise=PromiseStory(-20, -10, "broken")),
)

PLANNED = (
    Situation("deferral active", range(-16, -12), plan=PlanStory(DEFERRAL, -20, "active")),
    Situation("deferral kept", range(-69, -66), plan=PlanStory(DEFERRAL, -74, "kept")),
    Situation("deferral broken", range(-53, -48), plan=PlanStory(DEFERRAL, -55, "broken")),
    Situation("restructuring active", range(-72, -68), plan=PlanStory(RESTRUCTURING, -50, "active", count=12)),
    Situation("restructuring kept", range(-172, -165), plan=PlanStory(RESTRUCTURING, -150, "kept", count=3)),
    Situation("restructuring broken", range(-54, -48), plan=PlanStory(RESTRUCTURING, -40, "broken", count=6)),
)

SITUATIONS = ORDINARY + PROMISED + PLANNED

"""What another policy would have decided, for every decision that is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.risk.signals import Assessment, Facts, Outcome, assess
from respite.policies.identity import RiskPolicy
from respite.store.models import RiskDecision

DECISIONS_AT_A_TIME = 1000


@dataclass(frozen=True)
class Replayed:
    """A decision as it was made, and what another policy makes of the same facts."""

    decision: RiskDecision
    anew: Assessment

    @property
    def change(self) -> tuple[str, Outcome, Outcome]:
        """The occasion, the outcome of then and that of the other policy."""
        return self.decision.occasion, Outcome(self.decision.outcome), self.anew.outcome

    @property
    def is_other(self) -> bool:
        return self.decision.outcome != self.anew.outcome


def replay(session: Session, policy: RiskPolicy) -> Iterator[Replayed]:
    """Judge the facts of every decision by `policy`, the oldest first."""
    query = select(RiskDecision).order_by(RiskDecision.id).execution_options(yield_per=DECISIONS_AT_A_TIME)
    for decision in session.scalars(query):
        yield Replayed(decision, assess(Facts.model_validate(decision.facts), policy))

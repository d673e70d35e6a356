"""Plans: to how many loans they were offered, how many were accepted, and what became of those."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.policies.authority import PlanKind
from respite.policies.model import Policy
from respite.reports.periods import Period
from respite.reports.proportions import Proportion
from respite.store.models import Plan, Quote

BOT = "bot"


@dataclass(frozen=True)
class Plans:
    """The plans of one kind that were accepted in a period, by what has become of them.

    `by_staff` are those of them that a person had offered.
    """

    accepted: int
    by_staff: int
    active: int
    kept: int
    broken: int
    cancelled: int

    @property
    def kept_share(self) -> Proportion:
        """Those kept, of those that are decided."""
        return Proportion(self.kept, self.kept + self.broken)


@dataclass(frozen=True)
class PlansReport:
    """`offered` is the number of loans for which plans were offered, `taken_up` how many of these have one since."""

    offered: int
    taken_up: Proportion
    by_kind: Mapping[PlanKind, Plans]

    @property
    def total(self) -> Plans:
        kinds = self.by_kind.values()
        return Plans(*(sum(numbers) for numbers in zip(*(vars(kind).values() for kind in kinds), strict=True)))


def plans(session: Session, policy: Policy, period: Period) -> PlansReport:
    """Plans offered and accepted in a period, and how those accepted stand now."""
    begin, end = period.moments(ZoneInfo(policy.lender.timezone))
    in_period = (Quote.created_at >= begin, Quote.created_at < end)
    offered = session.scalar(select(func.count(Quote.loan_id.distinct())).where(*in_period)) or 0
    have_one = (Plan.booked_at >= begin, Plan.loan_id.in_(select(Quote.loan_id).where(*in_period)))
    taken_up = session.scalar(select(func.count(Plan.loan_id.distinct())).where(*have_one)) or 0
    return PlansReport(
        offered, Proportion(taken_up, offered), {kind: _of_kind(session, kind, period) for kind in PlanKind}
    )


def _of_kind(session: Session, kind: PlanKind, period: Period) -> Plans:
    booked = (Plan.kind == kind, Plan.booked_on >= period.first, Plan.booked_on <= period.last)
    rows = session.execute(select(Plan.state, Quote.authority).outerjoin(Plan.quote).where(*booked)).all()
    states = Counter(state for state, _ in rows)
    return Plans(
        accepted=len(rows),
        by_staff=sum(authority not in (None, BOT) for _, authority in rows),
        active=states["active"],
        kept=states["kept"],
        broken=states["broken"],
        cancelled=states["cancelled"],
    )

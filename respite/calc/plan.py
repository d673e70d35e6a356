"""Plans on a loan: the words that every plan shares, and what a plan changes."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from pydantic import Field

from respite.calc.disclosed import disclosed
from respite.calc.figures import Answer
from respite.calc.payoff import LoanWithPayoff
from respite.calc.refusals import refuse
from respite.calc.rows import regular, rows
from respite.calc.words import Day
from respite.lending.account import Position, position
from respite.lending.accrual import earned_interest, interest_on_overdue_principal
from respite.lending.delinquency import bucket
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO
from respite.plans.carry import Carry, still_owed
from respite.plans.plan_cost import plan_cost

Step = Callable[[Schedule, Position], Schedule]
"""One change: from a schedule and the position on it to all that is then still owed."""


class PlanQuestion(LoanWithPayoff):
    """A loan, the day on which a plan for it is made, and where the plan puts what accrues."""

    as_of: Day | None = None
    from_: Day | None = Field(None, alias="from")
    carry: Carry | None = None

    def position_under(self, plan: Schedule, as_of: date) -> Position:
        """The position under a plan on which nothing has been paid yet."""
        return position(plan, [], self.penalty_rate_pct, self.charge_rules, as_of, self.unit)

    def changed(self, agreed: Schedule, standing: Position, steps: Iterable[Step]) -> Schedule:
        """All that is still owed after the steps, one after the other. Raises LendingError for a settled loan."""
        refuse(standing.is_settled, "payments", "Give less than settles the loan; a plan is for what is left to pay.")
        owed = Schedule(tuple(still_owed(standing)), standing.starts_on)
        for step in steps:
            owed = step(agreed, standing)
            standing = self.position_under(owed, standing.as_of)
            agreed = owed
        return owed


def paid_lines(agreed: Schedule, standing: Position) -> list[Instalment]:
    """The instalments that are paid in full."""
    return [line for line in agreed if standing.instalment(line.number).is_paid]


def effects(
    question: PlanQuestion,
    agreed: Schedule,
    standing: Position,
    changed: Schedule,
    kept: Iterable[Instalment] = (),
) -> Answer:
    """The instalments under a plan, what they cost, and where the loan stands before and after.

    `kept` are instalments that the plan leaves in the list beside those still owed.
    """
    shown = Schedule(tuple(sorted([*kept, *changed], key=lambda line: (line.due, line.number))))
    paid_interest = sum((line.paid_interest for line in standing.instalments), ZERO)
    interest = paid_interest + changed.interest
    settled = question.settled(agreed, standing)
    cost = plan_cost(changed, standing, settled, standing.as_of, question.rate)
    amounts = {
        "emi": regular(changed),
        "last": changed[-1].total,
        "interest_total": interest,
        "extra_interest_vs_original": interest - agreed.interest,
        "total": changed.total,
        "extra_vs_agreed": cost.extra_against_agreed,
        "extra_vs_payoff": cost.extra_against_payoff,
    }
    return {
        "as_of": standing.as_of,
        "rows": rows(shown, question),
        **{word: question.show(amount) for word, amount in amounts.items()},
        "nominal_annual_rate_pct": cost.nominal_annual_rate,
        "effective_annual_rate_pct": cost.effective_annual_rate,
        "disclosure": disclosed(
            question,
            changed,
            cost.nominal_annual_rate,
            cost.effective_annual_rate,
            extra=cost.extra_against_agreed,
        ),
        "before": _standing(question, standing)
        | {"interest_due_to_date": question.show(_interest_due(question, standing))},
        "after": _standing(question, question.position_under(changed, standing.as_of)),
    }


def _standing(question: PlanQuestion, standing: Position) -> Answer:
    amounts = {
        "principal_outstanding": standing.outstanding_principal,
        "penalty": standing.penalty,
        "late_fees": standing.late_fees,
        "to_be_paid": standing.total_remaining,
    }
    return {
        "past_due": standing.days_past_due,
        "bucket": bucket(standing.days_past_due),
        **{word: question.show(amount) for word, amount in amounts.items()},
        "last_due": standing.instalments[-1].due,
    }


def _interest_due(question: PlanQuestion, standing: Position) -> Decimal:
    earned = earned_interest(
        standing, question.rate, question.counted_by, question.repayment, question.unit, question.starts_on
    )
    return earned + interest_on_overdue_principal(standing, question.rate, question.counted_by, question.unit)

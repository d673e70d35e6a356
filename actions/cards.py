"""Plans as a borrower sees them: cards to choose from, and the exact plan under review."""

from datetime import date

from actions.formatting import Part
from actions.turn import Turn
from respite.formatting import Fact
from respite.lending.money import Money
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote
from respite.support.messages import Button, ChartPoint, Line, PlanOption, PlansCard, ReviewCard


def plans_card(turn: Turn, quotes: list[Quote]) -> PlansCard:
    """A few quotes side by side, each with the button that puts it under review."""
    return PlansCard(options=tuple(_option(turn, quote) for quote in quotes))


def review_card(turn: Turn, account: LoanAccount, terms: PlanTerms, plan_reference: str = "") -> ReviewCard:
    """The exact terms beside the schedule in force; with a plan's reference, what was booked."""
    before = [(item.due, account.money(item.outstanding)) for item in account.position.remaining]
    after = [(item.due, account.money(item.total)) for item in terms.schedule]
    return ReviewCard(
        state="booked" if plan_reference else "open",
        title=plan_title(turn, terms),
        loan_reference=account.reference,
        reference=plan_reference,
        lines=plan_lines(turn, terms),
        before=_points(turn, before),
        after=_points(turn, after),
    )


def plan_title(turn: Turn, terms: PlanTerms) -> Part:
    """What the plan does, in a few words."""
    if terms.kind is PlanKind.DEFERRAL:
        return turn.part("deferral_title", number=terms.number or 0, until=terms.until)
    return turn.part("restructuring_title", count=terms.count, first_due=terms.until)


def against_agreed(turn: Turn, terms: PlanTerms) -> Part:
    """What the plan costs beside paying as agreed: more, or less."""
    extra = terms.extra_against_agreed
    if extra.amount < 0:
        return turn.part("less_than_agreed", amount=Money(-extra.amount, extra.currency))
    return turn.part("more_than_agreed", amount=extra)


def plan_lines(turn: Turn, terms: PlanTerms) -> tuple[Line, ...]:
    """The terms by which plans are compared, in a fixed order."""
    facts: dict[str, Fact] = {
        "instalment": terms.usual_instalment,
        "count": terms.count,
        "first_due": terms.schedule.instalments[0].due,
        "last_due": terms.schedule.last_due,
        "total_cost": terms.total,
        "extra_cost": terms.extra_against_agreed,
        "extra_against_payoff": terms.extra_against_payoff,
        "annual_rate": terms.effective_annual_rate,
    }
    return tuple(Line(label=label, value=turn.format(fact)) for label, fact in facts.items())


def _option(turn: Turn, quote: Quote) -> PlanOption:
    terms = PlanTerms.from_json(quote.terms)
    return PlanOption(
        title=plan_title(turn, terms),
        summary=turn.part("plan_summary", total=terms.total, against_agreed=against_agreed(turn, terms)),
        lines=plan_lines(turn, terms),
        choose=Button(title=turn.part("choose_plan"), payload=f'/inform{{"quote_reference": "{quote.id}"}}'),
    )


def _points(turn: Turn, instalments: list[tuple[date, Money]]) -> tuple[ChartPoint, ...]:
    """What is to be paid on each day; instalments that fall on one day are one bar."""
    by_day: dict[date, Money] = {}
    for due, amount in instalments:
        by_day[due] = by_day[due] + amount if due in by_day else amount
    return tuple(
        ChartPoint(due_on=due, due_date=turn.format(due), amount_minor=amount.minor, amount=turn.format(amount))
        for due, amount in by_day.items()
    )

"""Plans as a borrower sees them: cards to choose from, and the exact plan under review."""

from collections.abc import Sequence
from datetime import date

from respite.formatting import Fact
from respite.lending.money import Money
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote
from respite.support.messages import Button, ChartPoint, Line, PlanOption, PlansCard, ReviewCard
from respite.support.payloads import payload
from respite.wording import Wording


def plans_card(words: Wording, account: LoanAccount | None, quotes: Sequence[Quote]) -> PlansCard:
    """A few quotes for one loan side by side, each with the button that puts it under review."""
    options = tuple(_option(words, quote) for quote in quotes)
    return PlansCard(options=options, before=_before(words, account) if account else ())


def review_card(words: Wording, account: LoanAccount, terms: PlanTerms, plan_reference: str = "") -> ReviewCard:
    """The exact terms beside the schedule in force; with a plan's reference, what was booked."""
    return ReviewCard(
        state="booked" if plan_reference else "open",
        title=plan_title(words, terms),
        loan_reference=account.reference,
        reference=plan_reference,
        lines=plan_lines(words, terms),
        before=_before(words, account),
        after=_after(words, terms),
    )


def plan_title(words: Wording, terms: PlanTerms) -> str:
    """What the plan does, in a few words."""
    if terms.kind is PlanKind.DEFERRAL:
        return words.say("deferral_title", number=terms.number or 0, until=terms.until)
    return words.say("restructuring_title", count=terms.count, first_due=terms.until)


def against_agreed(words: Wording, terms: PlanTerms) -> str:
    """What the plan costs beside paying as agreed: more, or less."""
    extra = terms.extra_against_agreed
    if extra.amount < 0:
        return words.say("less_than_agreed", amount=Money(-extra.amount, extra.currency))
    return words.say("more_than_agreed", amount=extra)


def plan_lines(words: Wording, terms: PlanTerms) -> tuple[Line, ...]:
    """The terms by which plans are compared, in words."""
    return tuple(Line(label=label, value=words.fact(fact)) for label, fact in plan_facts(terms).items())


def plan_facts(terms: PlanTerms) -> dict[str, Fact]:
    """The terms by which plans are compared, in a fixed order."""
    return {
        "instalment": terms.usual_instalment,
        "count": terms.count,
        "first_due": terms.schedule.instalments[0].due,
        "last_due": terms.schedule.last_due,
        "total_cost": terms.total,
        "extra_cost": terms.extra_against_agreed,
        "extra_against_payoff": terms.extra_against_payoff,
        "annual_rate": terms.effective_annual_rate,
    }


def _option(words: Wording, quote: Quote) -> PlanOption:
    terms = PlanTerms.from_json(quote.terms)
    return PlanOption(
        title=plan_title(words, terms),
        summary=words.say("plan_summary", total=terms.total, against_agreed=against_agreed(words, terms)),
        lines=plan_lines(words, terms),
        choose=Button(title=words.say("choose_plan"), payload=payload("inform", quote_reference=quote.id)),
        schedule=_after(words, terms),
    )


def _before(words: Wording, account: LoanAccount) -> tuple[ChartPoint, ...]:
    return _points(words, [(item.due, account.money(item.outstanding)) for item in account.position.remaining])


def _after(words: Wording, terms: PlanTerms) -> tuple[ChartPoint, ...]:
    return _points(words, [(item.due, Money(item.total, terms.total.currency)) for item in terms.schedule])


def _points(words: Wording, instalments: list[tuple[date, Money]]) -> tuple[ChartPoint, ...]:
    """What is to be paid on each day; instalments that fall on one day are one bar."""
    by_day: dict[date, Money] = {}
    for due, amount in instalments:
        by_day[due] = by_day[due] + amount if due in by_day else amount
    return tuple(
        ChartPoint(due_on=due, due_date=words.fact(due), amount_minor=amount.minor, amount=words.fact(amount))
        for due, amount in by_day.items()
    )

"""Plans as a borrower sees them: the core's cards and words, whose facts go with the reply."""

from actions.formatting import Part
from actions.turn import Turn
from respite.plans.terms import PlanTerms
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote
from respite.support import plan_cards
from respite.support.messages import PlansCard, ReviewCard


def plans_card(turn: Turn, account: LoanAccount | None, quotes: list[Quote]) -> PlansCard:
    """A few quotes for one loan side by side, each with the button that puts it under review."""
    return plan_cards.plans_card(turn.words, account, quotes)


def review_card(turn: Turn, account: LoanAccount, terms: PlanTerms, plan_reference: str = "") -> ReviewCard:
    """The exact terms beside the schedule in force; with a plan's reference, what was booked."""
    return plan_cards.review_card(turn.words, account, terms, plan_reference)


def plan_title(turn: Turn, terms: PlanTerms) -> Part:
    """What the plan does, in a few words."""
    return Part(plan_cards.plan_title(turn.words, terms))


def against_agreed(turn: Turn, terms: PlanTerms) -> Part:
    """What the plan costs beside paying as agreed: more, or less."""
    return Part(plan_cards.against_agreed(turn.words, terms))

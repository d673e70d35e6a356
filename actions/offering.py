"""Putting plans before a borrower: choices side by side, exact terms for consent, a refusal, a booking."""

from collections.abc import Callable
from typing import Any

from actions.account import say_unknown_loan
from actions.cards import against_agreed, plan_title, plans_card, review_card
from actions.loans import account_in_question, find_account, is_unknown_loan, loan_facts
from actions.requests import DeferralRequest, PlanRequest, RestructuringRequest
from actions.turn import Turn, lines
from respite.plans.booking import StaleQuoteError, book
from respite.plans.eligibility import PlanRefusedError, refusals
from respite.plans.offers import Offer, PlanKind
from respite.plans.quotes import show_quote, withdraw_shown_quote, write_quote
from respite.plans.terms import PlanTerms
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote


def offer_plans(
    turn: Turn,
    account: LoanAccount,
    make_offers: Callable[[LoanAccount], list[Offer]],
    question: str = "utter_plans_offered",
) -> None:
    """Quote the offers and show them side by side, or say kindly why there are none."""
    try:
        offers = make_offers(account)
    except PlanRefusedError as refusal:
        refuse(turn, account, refusal)
        return
    withdraw_shown_quote(turn.session, turn.conversation.id)
    now = turn.now
    quotes = [
        write_quote(turn.session, offer, conversation_id=turn.conversation.id, language=turn.language, now=now)
        for offer in offers
    ]
    titles = [
        turn.part(
            "plan_line",
            title=plan_title(turn, terms),
            total=terms.total,
            against_agreed=against_agreed(turn, terms),
        )
        for terms in (PlanTerms.from_json(quote.terms) for quote in quotes)
    ]
    turn.say(question, **loan_facts(turn, account), plans=lines(titles), card=plans_card(turn, quotes))


def quote_request(
    turn: Turn,
    request: PlanRequest | None,
    usual_offers: Callable[[LoanAccount], list[Offer]],
    question: str,
) -> None:
    """Quote what a form asked for, or else what is possible instead.

    Without a request the borrower may not have such a plan, and is told so.
    """
    account = account_in_question(turn)
    if is_unknown_loan(turn):
        say_unknown_loan(turn)
    elif account is None:
        turn.say("utter_nothing_owed")
    elif request is None:
        offer_plans(turn, account, usual_offers)
    elif not review_request(turn, account, request) and has_offers(account, usual_offers):
        offer_plans(turn, account, usual_offers, question)


def has_offers(account: LoanAccount, make_offers: Callable[[LoanAccount], list[Offer]]) -> bool:
    try:
        return bool(make_offers(account))
    except PlanRefusedError:
        return False


def review_request(turn: Turn, account: LoanAccount, request: PlanRequest) -> bool:
    """Quote exactly what was asked for and put it under review, or refuse it: then there is nothing to review."""
    try:
        offer = request.offer(account)
    except PlanRefusedError as refusal:
        refuse(turn, account, refusal)
        return False
    withdraw_shown_quote(turn.session, turn.conversation.id)
    quote = write_quote(turn.session, offer, conversation_id=turn.conversation.id, language=turn.language, now=turn.now)
    review(turn, quote)
    return True


def review(turn: Turn, quote: Quote) -> None:
    """Show the exact terms of one quote and ask for consent to it."""
    account = find_account(turn, quote.terms["loan"])
    shown = show_quote(turn.session, quote.id, turn.conversation.id)
    if account is None or shown is None:
        turn.say("utter_plan_gone")
        return
    terms = PlanTerms.from_json(quote.terms)
    turn.say(
        f"utter_review_{terms.kind.value}",
        **loan_facts(turn, account),
        title=plan_title(turn, terms),
        instalment=terms.usual_instalment,
        together=terms.due_on(terms.until),
        count=terms.count,
        first_due=terms.schedule.instalments[0].due,
        last_due=terms.schedule.last_due,
        total=terms.total,
        against_agreed=against_agreed(turn, terms),
        extra_against_payoff=terms.extra_against_payoff,
        rate=terms.effective_annual_rate,
        minutes=turn.policy.quote_minutes,
        card=review_card(turn, account, terms),
    )


def refuse(turn: Turn, account: LoanAccount, refusal: PlanRefusedError) -> None:
    """Name the rule that stands in the way, in words, and what is possible instead."""
    decisive = refusal.decisive
    facts: dict[str, Any] = loan_facts(turn, account) | decisive.facts
    is_last_resort = decisive.rule == "bucket" and refusals(account, turn.policy.restructuring.eligibility)
    turn.say("utter_refused_every_plan" if is_last_resort else f"utter_refused_{decisive.rule}", **facts)


def book_quote(turn: Turn, quote: Quote) -> None:
    """Book the plan consented to; a quote that no longer holds is quoted again instead."""
    account = find_account(turn, quote.terms["loan"])
    try:
        booking = book(turn.session, quote.id, policy=turn.policy, business_date=turn.business_date, now=turn.now)
    except StaleQuoteError as stale:
        turn.say(f"utter_stale_{stale.reason.value}")
        if account:
            review_request(turn, account, same_request(quote))
        return
    assert account is not None
    terms = PlanTerms.from_json(booking.plan.terms)
    turn.say(
        "utter_plan_booked",
        **loan_facts(turn, account),
        reference=booking.plan.reference,
        title=plan_title(turn, terms),
        first_due=terms.schedule.instalments[0].due,
        amount=account.money(terms.schedule.instalments[0].total),
        total=terms.total,
        card=review_card(turn, account, terms, booking.plan.reference),
    )


def compare(turn: Turn, cheaper: PlanTerms, dearer: PlanTerms) -> None:
    """Say what separates two plans in money, and in the day on which all is paid."""
    turn.say(
        "utter_plans_compared",
        cheaper=plan_title(turn, cheaper),
        dearer=plan_title(turn, dearer),
        cheaper_total=cheaper.total,
        dearer_total=dearer.total,
        difference=dearer.costs_more_than(cheaper),
        cheaper_instalment=cheaper.usual_instalment,
        dearer_instalment=dearer.usual_instalment,
        cheaper_end=cheaper.schedule.last_due,
        dearer_end=dearer.schedule.last_due,
    )


def same_request(quote: Quote) -> PlanRequest:
    """What the borrower had asked for, to be quoted again from today's figures."""
    terms = PlanTerms.from_json(quote.terms)
    if terms.kind is PlanKind.DEFERRAL:
        return DeferralRequest(until=terms.until)
    return RestructuringRequest(count=terms.count, first_due=terms.until)

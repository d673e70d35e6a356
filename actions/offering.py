"""Putting plans before a borrower: choices side by side, exact terms for consent, a refusal, a booking."""

from datetime import timedelta
from typing import Any

import structlog

from actions.account import say_unknown_loan
from actions.cards import against_agreed, plan_title, plans_card, review_card
from actions.formatting import Part
from actions.loans import account_in_question, find_account, is_unknown_loan, loan_facts
from actions.requests import OpenRequest, PlanRequest, same_request
from actions.turn import Turn, lines
from respite.loan_books import LoanBookRefusedError
from respite.plans.booking import StaleQuoteError, book
from respite.plans.eligibility import refusals
from respite.plans.offers import Offer
from respite.plans.quotes import show_quote, withdraw_shown_quote, write_quote
from respite.plans.refusals import PlanRefusedError
from respite.plans.refused import note_refused
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote

log = structlog.get_logger()


def offer_plans(
    turn: Turn,
    account: LoanAccount,
    request: PlanRequest,
    question: str = "utter_plans_offered",
) -> bool:
    """Quote what is asked for, one plan for consent or several to choose from; or refuse it, and nothing is quoted."""
    try:
        offers = request.offers(account)
    except PlanRefusedError as refusal:
        refuse(turn, account, refusal)
        return False
    if len(offers) == 1 and not isinstance(request, OpenRequest):
        review_offer(turn, offers[0])
    else:
        show_choice(turn, account, offers, question)
    return True


def offer_instead(turn: Turn, account: LoanAccount, usual: PlanRequest, question: str) -> None:
    """After a refusal: what is possible, if anything is."""
    try:
        offers = usual.offers(account)
    except PlanRefusedError:
        return
    show_choice(turn, account, offers, question)


def quote_request(turn: Turn, asked: PlanRequest | None, usual: PlanRequest, question: str) -> None:
    """Quote what a form asked for, or else what is possible instead.

    A form that asked for nothing did so because there is nothing to ask: the borrower is told why.
    """
    account = account_in_question(turn)
    if is_unknown_loan(turn):
        say_unknown_loan(turn)
    elif account is None:
        turn.say("utter_nothing_owed")
    elif asked is None:
        offer_plans(turn, account, usual)
    elif not offer_plans(turn, account, asked, "utter_plans_that_fit"):
        offer_instead(turn, account, usual, question)


def show_choice(turn: Turn, account: LoanAccount, offers: list[Offer], question: str) -> None:
    """Quote offers and show them side by side."""
    withdraw_shown_quote(turn.session, turn.conversation.id)
    quotes = quotes_of(turn, offers)
    titles = [
        turn.part(
            "plan_line",
            title=plan_title(turn, terms),
            total=terms.total,
            against_agreed=against_agreed(turn, terms),
        )
        for terms in (PlanTerms.from_json(quote.terms) for quote in quotes)
    ]
    turn.say(
        question,
        **loan_facts(turn, account),
        sympathy=sympathy(turn),
        plans=lines(titles),
        card=plans_card(turn, account, quotes),
    )


def sympathy(turn: Turn) -> Part:
    """A word about what the borrower has just said has happened to them."""
    reason = turn.entity("hardship_reason")
    return turn.part(f"sympathy_{reason}" if reason else "sympathy")


def review_offer(turn: Turn, offer: Offer) -> None:
    """Quote one offer and put it under review."""
    withdraw_shown_quote(turn.session, turn.conversation.id)
    [quote] = quotes_of(turn, [offer])
    review(turn, quote)


def quotes_of(turn: Turn, offers: list[Offer]) -> list[Quote]:
    now = turn.now
    return [
        write_quote(turn.session, offer, conversation_id=turn.conversation.id, language=turn.language, now=now)
        for offer in offers
    ]


def review(turn: Turn, quote: Quote) -> None:
    """Show the exact terms of one quote and ask for consent to it."""
    account, terms = find_account(turn, quote.terms["loan"]), PlanTerms.from_json(quote.terms)
    if account and turn.now >= quote.expires_at:
        turn.say("utter_stale_expired")
        offer_plans(turn, account, same_request([quote]))
        return
    if account and not loan_book_takes(turn, account, terms):
        turn.say("utter_loan_book_refused")
        return
    shown = show_quote(turn.session, quote.id, turn.conversation.id)
    if account is None or shown is None:
        turn.say("utter_plan_gone")
        return
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


def loan_book_takes(turn: Turn, account: LoanAccount, terms: PlanTerms) -> bool:
    """Whether the book of record would put exactly this plan in force. Why it would not is for staff: it is logged."""
    try:
        if account.loan.external_id:
            turn.loan_book.check(account.loan.external_id, terms)
    except LoanBookRefusedError as refused:
        log.warning("loan book refuses a plan", loan=account.reference, reason=str(refused))
        return False
    return True


def refuse(turn: Turn, account: LoanAccount, refusal: PlanRefusedError) -> None:
    """Name the rule that stands in the way, in words, and what would change the answer."""
    decisive = refusal.decisive
    facts: dict[str, Any] = decisive.facts
    note_refused(turn.session, turn.conversation.id, account.reference, decisive, turn.now)
    exceeded = decisive.limit or decisive.rule
    if exceeded == "bucket" and refusals(account, PlanKind.RESTRUCTURING):
        exceeded = "every_plan"
    turn.say(f"utter_refused_{exceeded}", **loan_facts(turn, account), **facts)
    if "to_pay" in facts:
        turn.say("utter_possible_once_paid", to_pay=facts["to_pay"])
    if decisive.rule == "authority" and exceeded != "every_plan":
        ask = {
            "title": turn.part("intent_request_human"),
            "payload": '/request_human{"handoff_reason": "beyond_authority"}',
        }
        turn.say("utter_person_may_grant", buttons=[ask])


def book_quote(turn: Turn, quote: Quote) -> None:
    """Book the plan consented to; a quote that no longer holds is quoted again instead."""
    account = find_account(turn, quote.terms["loan"])
    try:
        booking = book(
            turn.session,
            quote.id,
            policy=turn.policy,
            business_date=turn.business_date,
            now=turn.now,
            loan_book=turn.loan_book,
        )
    except StaleQuoteError as stale:
        turn.say(f"utter_stale_{stale.reason.value}")
        if account:
            offer_plans(turn, account, same_request([quote]))
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
    """Say what separates two plans in money and in time."""
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
        time=difference_in_time(turn, cheaper, dearer),
    )


def difference_in_time(turn: Turn, cheaper: PlanTerms, dearer: PlanTerms) -> Part:
    """How much sooner or later the cheaper of two plans ends."""
    sooner = dearer.ends_after(cheaper)
    if not sooner:
        return turn.part("ends_together")
    return turn.part("ends_sooner" if sooner > timedelta(0) else "ends_later", time=abs(sooner))

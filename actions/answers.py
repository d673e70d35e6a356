"""Yes, no, never mind, and bare facts: read in the light of what is on the screen."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions.base import BorrowerAction, Events, RespiteAction
from actions.cards import plans_card
from actions.consent import is_consent
from actions.form_steps import ask_again, leave_form
from actions.handoff import no_longer_wanted
from actions.identity import consent
from actions.loans import account_in_question, account_named_now, find_account
from actions.offering import book_quote, offer_plans, review
from actions.requests import (
    PlanRequest,
    deferral_request,
    request_on_its_own,
    restructuring_request,
    same_request,
)
from actions.turn import Turn
from respite.plans.quotes import accepted_quote, latest_quotes, shown_quote, withdraw_shown_quote
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote

CONFIRMED = {
    "human": "action_request_human",
    "cancel_plan": "action_confirm_cancel_arrangement",
    "change_number": "action_change_number",
}
"""What a yes does after an action that asked for it and for nothing else."""

SAME_YES = timedelta(minutes=10)
"""How long after a booking another yes means the same one: the borrower, or a turn that was cut off, says it twice."""


class Inform(BorrowerAction):
    """A message that is only a choice, a day, a count or an amount: read in the light of what is on the screen."""

    def name(self) -> str:
        return "action_inform"

    def answer(self, turn: Turn) -> Events:
        if turn.entity("unclear_date"):
            turn.say("utter_unclear_date")
            return ask_again(turn)
        chosen = chosen_quote(turn)
        if chosen:
            review(turn, chosen)
            return leave_form(turn)
        request, account = new_request(turn)
        if request and account:
            offer_plans(turn, account, request, "utter_plans_that_fit")
            return leave_form(turn)
        if turn.tracker.active_loop_name:
            turn.say("utter_answer_unclear")
            return ask_again(turn)
        turn.say("utter_inform_out_of_context")
        return []


class Affirm(RespiteAction):
    """Yes: to the one quote that is on the screen, or to the one plan that was offered. Nothing else is ever booked."""

    def name(self) -> str:
        return "action_affirm"

    def answer(self, turn: Turn) -> Events:
        asked = turn.tracker.get_slot("confirmation_asked")
        if asked == "cancel_plan" and not is_consent(turn.tracker):
            return [FollowupAction("action_cancel_arrangement")]
        if asked:
            return [FollowupAction(CONFIRMED[asked])]
        if turn.tracker.active_loop_name:
            return ask_again(turn)
        if turn.borrower:
            quote = shown_quote(turn.session, turn.conversation.id)
            if quote and is_consent(turn.tracker) and turn.entity("quote_reference") in (None, quote.id):
                consent(turn, quote)
                return []
            if quote:
                turn.say("utter_plan_still_open", loan=quote.terms["loan"])
                return []
            booked = accepted_quote(turn.session, turn.conversation.id, since=turn.now - SAME_YES)
            if booked:
                book_quote(turn, booked)
                return []
            offered = latest_quotes(turn.session, turn.conversation.id)
            if offered:
                choose_which(turn, offered)
                return []
        turn.say("utter_affirm_nothing")
        return []


class Deny(RespiteAction):
    """No: whatever waits for consent no longer does."""

    def name(self) -> str:
        return "action_deny"

    def answer(self, turn: Turn) -> Events:
        request, account = new_request(turn) if turn.borrower else (None, None)
        if request and account:
            return [FollowupAction("action_inform")]
        waiting = shown_quote(turn.session, turn.conversation.id)
        withdraw_shown_quote(turn.session, turn.conversation.id)
        turn.say("utter_plan_declined" if waiting else "utter_deny")
        return leave_form(turn)


class Cancel(RespiteAction):
    """The borrower leaves what was under way, or else the queue for a person; nothing is booked."""

    def name(self) -> str:
        return "action_cancel"

    def answer(self, turn: Turn) -> Events:
        is_under_way = turn.tracker.active_loop_name or shown_quote(turn.session, turn.conversation.id)
        if (turn.entity("handoff_reference") or not is_under_way) and no_longer_wanted(turn):
            return []
        withdraw_shown_quote(turn.session, turn.conversation.id)
        turn.say("utter_cancelled")
        return leave_form(turn)


def chosen_quote(turn: Turn) -> Quote | None:
    """The quote whose button was pressed, or the one named by its place: `the second one`."""
    pressed = turn.entity("quote_reference")
    if pressed:
        return turn.session.get(Quote, pressed)
    return turn.at_place_named(latest_quotes(turn.session, turn.conversation.id))


def new_request(turn: Turn) -> tuple[PlanRequest | None, LoanAccount | None]:
    """Another day, count, amount or loan for the plan on the screen; without one, a request clear on its own."""
    quotes = latest_quotes(turn.session, turn.conversation.id)
    if not quotes:
        return request_on_its_own(turn.tracker), account_in_question(turn)
    named, on_screen = account_named_now(turn), find_account(turn, quotes[0].terms["loan"])
    account = named or on_screen
    deferral, restructuring = deferral_request(turn.tracker), restructuring_request(turn.tracker)
    shown_kinds = {quote.terms["kind"] for quote in quotes}
    asked = deferral or restructuring if shown_kinds == {PlanKind.DEFERRAL.value} else restructuring or deferral
    if asked is None and named not in (None, on_screen):
        return same_request(quotes), named
    return asked, account


def choose_which(turn: Turn, quotes: list[Quote]) -> None:
    """Yes to several plans at once is not consent: review the only one, or ask which."""
    if len(quotes) == 1:
        review(turn, quotes[0])
    else:
        account = find_account(turn, quotes[0].terms["loan"])
        turn.say("utter_choose_which", card=plans_card(turn, account, quotes))

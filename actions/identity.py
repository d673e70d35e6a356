"""Who is speaking: signing in, a fresh code before what matters, and a new phone number."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import ASKING_WHO, BorrowerAction, Events, RespiteAction
from actions.form_steps import leave_form
from actions.offering import book_quote
from actions.service import hand_over
from actions.turn import Turn
from respite.identity import challenges, contact_change, step_up, verification
from respite.identity.challenges import Purpose, State, VerificationStatus
from respite.identity.risk.decisions import Occasion, decide
from respite.identity.risk.signals import Outcome
from respite.plans.quotes import withdraw_shown_quote
from respite.plans.terms import PlanTerms
from respite.store.models import Quote

SAID = {
    (Purpose.SIGN_IN, State.VERIFIED): "utter_verified",
    (Purpose.STEP_UP, State.AWAITING_CODE): "utter_step_up_code",
    (Purpose.STEP_UP, State.VERIFIED): "utter_step_up_done",
    (Purpose.CONTACT_CHANGE, State.AWAITING_CODE): "utter_new_number_code_to_old",
    (Purpose.NEW_NUMBER, State.AWAITING_PHONE): "utter_new_number_which",
    (Purpose.NEW_NUMBER, State.AWAITING_CODE): "utter_new_number_code",
    (Purpose.NEW_NUMBER, State.VERIFIED): "utter_new_number_recorded",
}
"""What is said where it is not the same whatever a code is for."""


class VerifyIdentity(RespiteAction):
    """What came of the number or the code. The hub handles both; neither is ever seen here."""

    def name(self) -> str:
        return "action_verify_identity"

    def answer(self, turn: Turn) -> Events:
        status = challenges.status(turn.session, turn.conversation.id)
        if turn.borrower is None and status.state in (State.NOT_BEGUN, State.AWAITING_PHONE):
            verification.begin(turn.session, turn.conversation.id, now=turn.now)
            turn.say(ASKING_WHO)
        else:
            say_status(turn, status)
        return []


class ChangeContact(RespiteAction):
    """A new phone number is recorded here, for whoever is signed in. Anything else is changed by a person."""

    def name(self) -> str:
        return "action_change_contact"

    def answer(self, turn: Turn) -> Events:
        lender = turn.in_words(turn.policy.lender.name)
        if turn.borrower is None:
            turn.say("utter_change_contact", lender=lender)
            return []
        if turn.entity("phone_number"):
            return [FollowupAction("action_change_number")]
        begin = {"title": turn.part("change_number"), "payload": '/change_contact{"phone_number": "new"}'}
        turn.say("utter_change_contact_offered", lender=lender, buttons=[begin])
        return [SlotSet("confirmation_asked", "change_number")]


class ChangeNumber(BorrowerAction):
    """The borrower wants a new number on file: a code to the present one comes first, however fresh the last is."""

    def name(self) -> str:
        return "action_change_number"

    def answer(self, turn: Turn) -> Events:
        say_status(turn, contact_change.begin(turn.session, turn.conversation.id, turn.now, turn.codes.append))
        return leave_form(turn)


def consent(turn: Turn, quote: Quote) -> None:
    """Book the plan that the borrower said yes to, as soon as it is beyond doubt that it was they."""
    assert turn.borrower is not None
    amount = PlanTerms.from_json(quote.terms).total.amount
    chat = turn.conversation.id
    outcome = decide(turn.session, Occasion.CONSENT, chat, turn.borrower, turn.policy, turn.now, amount=amount)
    if outcome is Outcome.REFUSE:
        withdraw_shown_quote(turn.session, chat)
        say_refused(turn)
    elif step_up.is_needed(turn.session, chat, outcome, turn.policy.identity, turn.now):
        ask_for_code(turn, quote)
    else:
        book_quote(turn, quote)


def ask_for_code(turn: Turn, quote: Quote) -> None:
    """Ask for a fresh code, after which the yes is told again, for this quote and no other."""
    yes = f'/affirm{{"quote_reference": "{quote.id}"}}'
    chat, send = turn.conversation.id, turn.codes.append
    say_status(turn, step_up.begin(turn.session, chat, Purpose.STEP_UP, turn.now, send, then=yes))


def say_status(turn: Turn, status: VerificationStatus) -> None:
    if status.state is State.REFUSED:
        say_refused(turn)
        return
    if status.state is State.LOCKED:
        hand_over(turn, "identity", "utter_verify_locked")
        return
    turn.say(
        SAID.get((status.purpose, status.state), f"utter_verify_{status.state}"),
        minutes=status.code_minutes,
        attempts=status.attempts_left,
        support_phone=turn.policy.lender.support_phone,
    )


def say_refused(turn: Turn) -> None:
    """Tell nobody why: a person looks first, and staff see the reasons."""
    hand_over(turn, "identity", "utter_identity_refused")

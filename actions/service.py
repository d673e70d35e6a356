"""Service: signing in, a person, complaints and disputes, reminders, distress."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import BorrowerAction, Events, RespiteAction
from actions.form_steps import leave_form
from actions.turn import Turn
from respite.contact.pauses import pause_outreach
from respite.identity import verification
from respite.identity.verification import State
from respite.languages import written_in
from respite.plans.quotes import withdraw_shown_quote
from respite.support.cases import open_case
from respite.support.conversations import request_language
from respite.support.handoffs import request_handoff


class VerifyIdentity(RespiteAction):
    """How the sign-in stands. The hub handles numbers and codes; neither is ever seen here."""

    def name(self) -> str:
        return "action_verify_identity"

    def answer(self, turn: Turn) -> Events:
        status = verification.status(turn.session, turn.conversation.id)
        if turn.borrower:
            turn.say("utter_verified")
        elif status.state in (State.NOT_BEGUN, State.AWAITING_PHONE):
            verification.begin(turn.session, turn.conversation.id, now=turn.now)
            turn.say("utter_verify_ask_phone")
        else:
            turn.say(f"utter_verify_{status.state}", minutes=status.code_minutes, attempts=status.attempts_left)
        return []


class ChangeLanguage(RespiteAction):
    """Answer in the language asked for, and remember it."""

    def name(self) -> str:
        return "action_change_language"

    def answer(self, turn: Turn) -> Events:
        asked = turn.entity("language_request") or ("en" if turn.language == "zh" else "zh-Hans")
        request_language(turn.session, turn.conversation.id, asked)
        return [SlotSet("language", written_in(asked)), FollowupAction("utter_language_changed")]


class RequestHuman(RespiteAction):
    """One message is enough, verified or not."""

    def name(self) -> str:
        return "action_request_human"

    def answer(self, turn: Turn) -> Events:
        hand_over(turn, "asked", "utter_human_requested")
        return leave_form(turn)


class ReportDistress(RespiteAction):
    """Care first: a helpline, a person at once, no more collection messages, nothing waiting for consent."""

    def name(self) -> str:
        return "action_report_distress"

    def answer(self, turn: Turn) -> Events:
        withdraw_shown_quote(turn.session, turn.conversation.id)
        if turn.borrower:
            pause_outreach(turn.session, turn.borrower.id, "distress", turn.now)
        handoff = request_handoff(turn.session, turn.conversation.id, "distress", turn.now)
        helpline = turn.in_words(turn.policy.lender.helpline)
        turn.say("utter_distress", helpline=helpline, reference=handoff.reference)
        return leave_form(turn)


class MakeComplaint(RespiteAction):
    def name(self) -> str:
        return "action_make_complaint"

    def answer(self, turn: Turn) -> Events:
        open_support_case(turn, "complaint", "utter_complaint_opened")
        return []


class DisputeBill(BorrowerAction):
    def name(self) -> str:
        return "action_dispute_bill"

    def answer(self, turn: Turn) -> Events:
        open_support_case(turn, "dispute", "utter_dispute_opened")
        return []


class StopContact(BorrowerAction):
    """No more reminders from us, at once."""

    def name(self) -> str:
        return "action_stop_contact"

    def answer(self, turn: Turn) -> Events:
        assert turn.borrower is not None
        pause_outreach(turn.session, turn.borrower.id, "opted_out", turn.now)
        turn.say("utter_contact_stopped")
        return []


class RequestWaiver(BorrowerAction):
    """The bot may waive nothing: it offers what policy allows and a person who may."""

    def name(self) -> str:
        return "action_request_waiver"

    def answer(self, turn: Turn) -> Events:
        turn.say("utter_waiver")
        return [SlotSet("confirmation_asked", "human")]


def hand_over(turn: Turn, reason: str, response: str) -> None:
    """Record that a person is wanted, and tell the borrower so."""
    handoff = request_handoff(turn.session, turn.conversation.id, reason, turn.now)
    lender = turn.policy.lender
    turn.say(
        response,
        reference=handoff.reference,
        support_phone=lender.support_phone,
        support_hours=turn.in_words(lender.support_hours),
    )


def open_support_case(turn: Turn, kind: str, response: str) -> None:
    """Open a case with the borrower's own words, and stop outreach until it is answered."""
    statement = turn.tracker.latest_message.get("text") or ""
    case = open_case(turn.session, turn.conversation.id, kind, statement, turn.now)
    request_handoff(turn.session, turn.conversation.id, kind, turn.now)
    if turn.borrower:
        pause_outreach(turn.session, turn.borrower.id, kind, turn.now)
    turn.say(response, reference=case.reference)

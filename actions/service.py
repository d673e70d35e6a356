"""Service: a person, complaints and disputes, reminders, distress."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import BorrowerAction, Events, RespiteAction
from actions.form_steps import leave_form
from actions.handoff import say_when_staff_are_back
from actions.turn import Turn
from respite.contact.pauses import pause_outreach
from respite.languages import written_in
from respite.plans.quotes import withdraw_shown_quote
from respite.support.cases import open_case
from respite.support.conversations import BOT, request_language
from respite.support.handoffs import request_handoff
from respite.support.vulnerability import Vulnerability, raise_flag


class ChangeLanguage(RespiteAction):
    """Answer in the language asked for, and remember it."""

    def name(self) -> str:
        return "action_change_language"

    def answer(self, turn: Turn) -> Events:
        asked = turn.entity("language_request") or ("en" if turn.language == "zh" else "zh-Hans")
        request_language(turn.session, turn.conversation.id, asked)
        return [SlotSet("language", written_in(asked)), FollowupAction("utter_language_changed")]


class ReportDistress(RespiteAction):
    """Care first: a helpline, a person at once, no more collection messages, nothing waiting for consent."""

    def name(self) -> str:
        return "action_report_distress"

    def answer(self, turn: Turn) -> Events:
        handoff = request_handoff(turn.session, turn.conversation.id, "distress", turn.now, policy=turn.policy)
        withdraw_shown_quote(turn.session, turn.conversation.id)
        if turn.borrower:
            pause_outreach(turn.session, turn.borrower.id, "distress", turn.now)
            raise_flag(
                turn.session,
                turn.borrower.id,
                Vulnerability.DISTRESS,
                actor=BOT,
                policy=turn.policy,
                now=turn.now,
            )
        helpline = turn.in_words(turn.policy.lender.helpline)
        turn.say("utter_distress", helpline=helpline, reference=handoff.reference)
        say_when_staff_are_back(turn, handoff)
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
    handoff = request_handoff(turn.session, turn.conversation.id, reason, turn.now, policy=turn.policy)
    lender = turn.policy.lender
    turn.say(
        response,
        reference=handoff.reference,
        support_phone=lender.support_phone,
        support_hours=turn.in_words(lender.support_hours),
    )


def open_support_case(turn: Turn, kind: str, response: str) -> None:
    """Open a case with the borrower's own words, and have a person look at it."""
    statement = turn.tracker.latest_message.get("text") or ""
    handoff = request_handoff(turn.session, turn.conversation.id, kind, turn.now, policy=turn.policy)
    case = open_case(turn.session, turn.conversation.id, kind, statement, turn.now, policy=turn.policy)
    turn.say(response, reference=case.reference)
    say_when_staff_are_back(turn, handoff)

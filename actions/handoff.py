"""Fetching a person: asked for, waited for, no longer wanted, and over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rasa_sdk.events import SlotSet

from actions.base import Events, RespiteAction
from actions.form_steps import leave_form
from actions.formatting import Part
from actions.turn import Turn
from respite.store.models import Handoff
from respite.support.callbacks import cancel_button, waiting_buttons, wish_callback
from respite.support.handoffs import cancel_handoff, open_handoff, request_handoff
from respite.support.messages import Button
from respite.support.queue import Standing, standing
from respite.support.ratings import rate

MINUTE = timedelta(minutes=1)


class RequestHuman(RespiteAction):
    """One message is enough, verified or not. A button tells why a person is wanted, or when we are to call."""

    def name(self) -> str:
        return "action_request_human"

    def answer(self, turn: Turn) -> Events:
        if time := turn.entity("callback_time"):
            call_back(turn, datetime.fromisoformat(time))
        else:
            ask_for_person(turn, turn.entity("handoff_reason") or "asked")
        return leave_form(turn)


class RateConversation(RespiteAction):
    """A borrower says how a conversation with a person was; the first answer counts."""

    def name(self) -> str:
        return "action_rate_conversation"

    def answer(self, turn: Turn) -> Events:
        reference, score = turn.entity("handoff_reference"), int(turn.entity("rating"))
        rate(turn.session, turn.conversation.id, reference, score, turn.now)
        turn.say("utter_rating_thanks")
        return []


class BeginAfresh(RespiteAction):
    """A person had the conversation: whatever was under way before is forgotten, and nothing is said."""

    def name(self) -> str:
        return "action_begin_afresh"

    def answer(self, turn: Turn) -> Events:
        return [*leave_form(turn), SlotSet("promise_date", None)]


def ask_for_person(turn: Turn, reason: str) -> None:
    """Record that a person is wanted, and tell the borrower where they stand: all of it once, then only what is new."""
    is_new = open_handoff(turn.session, turn.conversation.id) is None
    handoff = request_handoff(turn.session, turn.conversation.id, reason, turn.now, policy=turn.policy)
    if handoff.callback_at:
        say_callback(turn, handoff)
        return
    where = standing(turn.session, handoff, turn.policy, turn.now)
    if where.opens_at:
        say_closed(turn, handoff, where.opens_at, is_new)
        return
    turn.say(
        "utter_human_requested" if is_new else "utter_human_waiting",
        reference=handoff.reference,
        standing=place_in_words(turn, where),
        support_phone=turn.policy.lender.support_phone,
        buttons=as_offered(cancel_button(turn.words, handoff)),
    )


def say_closed(turn: Turn, handoff: Handoff, opens_at: datetime, is_new: bool) -> None:
    """Nobody is there now: once, with when somebody is and the choice of a call; then only when."""
    buttons = waiting_buttons(turn.words, handoff, turn.policy, turn.now) if is_new else ()
    handoff.callback_offered_at = handoff.callback_offered_at or turn.now
    turn.say(
        "utter_human_closed" if is_new else "utter_human_waiting_closed",
        reference=handoff.reference,
        day=opens_at.date(),
        time=opens_at.time(),
        buttons=as_offered(buttons),
    )


def say_when_staff_are_back(turn: Turn, handoff: Handoff) -> None:
    """Nobody is there now to whom a matter was passed on: say when somebody is."""
    if opens_at := standing(turn.session, handoff, turn.policy, turn.now).opens_at:
        turn.say("utter_staff_are_back", day=opens_at.date(), time=opens_at.time())


def call_back(turn: Turn, begin: datetime) -> None:
    """The borrower chose a time at which we call."""
    handoff = wish_callback(turn.session, turn.conversation.id, begin, turn.policy, turn.now)
    if handoff:
        say_callback(turn, handoff)
    else:
        turn.say("utter_wait_is_over")


def say_callback(turn: Turn, handoff: Handoff) -> None:
    assert handoff.callback_at is not None
    zone = ZoneInfo(turn.policy.lender.timezone)
    begin, end = handoff.callback_at.astimezone(zone), handoff.due_at.astimezone(zone)
    turn.say("utter_callback_kept", reference=handoff.reference, day=begin.date(), begin=begin.time(), end=end.time())


def no_longer_wanted(turn: Turn) -> bool:
    """The borrower says never mind: whether that was about a person they were waiting for."""
    cancelled = cancel_handoff(turn.session, turn.conversation.id, turn.now)
    if cancelled:
        turn.say("utter_wait_cancelled")
    return cancelled is not None


def place_in_words(turn: Turn, where: Standing) -> Part:
    if where.wait is None:
        return turn.part("place", place=where.place)
    return turn.part("place_and_wait", place=where.place, minutes=where.wait // MINUTE)


def as_offered(buttons: tuple[Button, ...]) -> list[dict[str, str]]:
    return [{"title": button.title, "payload": button.payload} for button in buttons]

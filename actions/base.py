"""What every action shares: one transaction a turn, the borrower from the database, and a kind answer to a failure."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import OperationalError

from actions.codes import send_beside
from actions.loans import account_named_now
from actions.once import answered_once
from actions.turn import Turn
from respite.clock import lender_clock
from respite.identity import verification
from respite.loan_books import LoanBookError, LoanBookRefusedError, LoanBookSilentError
from respite.loan_books.load import loan_book
from respite.plans.quotes import shown_quote, withdraw_shown_quote
from respite.policies.load import policy
from respite.settings import settings
from respite.store.models import Conversation, Quote
from respite.store.session import transaction

log = structlog.get_logger()
Events = list[EventType]
ACTION_LISTEN = "action_listen"
ASKING_WHO = "utter_verify_ask_phone"
ONE_TURN_SLOTS = ("confirmation_asked", "misunderstood")
"""Slots that describe the last turn: an action that does not set them anew lets them go."""
SAID_OF_THE_LOAN_BOOK = {
    LoanBookRefusedError: "utter_loan_book_refused",
    LoanBookSilentError: "utter_loan_book_silent",
}


class RespiteAction(Action, ABC):
    """An action that answers anyone, verified or not.

    `answer` runs in one transaction: when it fails, nothing is written and the borrower is told so. Without a database
    it raises OperationalError.
    """

    interrupts = False
    """A question that may come in the middle of something else, which is then taken up again."""

    @abstractmethod
    def answer(self, turn: Turn) -> Events:
        """Say what there is to say and return the tracker's events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return await asyncio.to_thread(self._run, dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        try:
            with open_turn(dispatcher, tracker) as turn:
                if turn.conversation.is_revoked:  # what was said in it may have been erased since
                    return []
                return answered_once(turn, self.name(), lambda: self.respond(turn))
        except OperationalError:  # the database is away: the turn fails as a whole, and is run again
            raise
        except LoanBookError as error:
            log.warning("loan book", error=type(error).__name__, action=self.name(), conversation=tracker.sender_id)
            return say_only(dispatcher, SAID_OF_THE_LOAN_BOOK.get(type(error), "utter_action_failed"))
        except Exception:
            log.exception("action failed", action=self.name(), conversation=tracker.sender_id)
            return say_only(dispatcher, "utter_action_failed")

    def respond(self, turn: Turn) -> Events:
        events = self.answer(turn)
        return forget_last_turn(turn) + events + (take_up_again(turn) if self.interrupts else [])


class BorrowerAction(RespiteAction):
    """An action about a borrower's own account: whoever is not verified is asked to sign in first."""

    def respond(self, turn: Turn) -> Events:
        if turn.borrower is None:
            verification.begin(
                turn.session, turn.conversation.id, now=turn.now, question=turn.tracker.latest_message.get("text")
            )
            if not (turn.is_second_of_two and last_response(turn) == ASKING_WHO):
                turn.say(ASKING_WHO)
            return forget_last_turn(turn)
        named = account_named_now(turn)
        remembered: Events = [SlotSet("loan_reference", named.reference)] if named else []
        return remembered + super().respond(turn)


@contextmanager
def open_turn(dispatcher: CollectingDispatcher, tracker: Tracker) -> Iterator[Turn]:
    """One turn in one transaction, under the policy and the clock of this installation."""
    lender = policy()
    with transaction() as session:
        turn = Turn(
            session=session,
            dispatcher=dispatcher,
            tracker=tracker,
            policy=lender,
            clock=lender_clock(lender.lender.timezone, settings()),
            loan_book=loan_book(),
            conversation=session.get_one(Conversation, tracker.sender_id),
        )
        yield turn
    send_beside(turn.codes)


def say_only(dispatcher: CollectingDispatcher, response: str) -> Events:
    """Nothing of what the action was about to say, and nothing remembered."""
    dispatcher.messages.clear()
    dispatcher.utter_message(response=response)
    return []


def forget_last_turn(turn: Turn) -> Events:
    """What only the last turn meant is over; what an earlier action of this turn means is not."""
    if turn.tracker.latest_action_name != ACTION_LISTEN:
        return []
    return [SlotSet(slot, None) for slot in ONE_TURN_SLOTS if turn.tracker.get_slot(slot) is not None]


def take_up_again(turn: Turn) -> Events:
    """After a question in the middle: ask again for what a form needs, or point back to the plan on the screen."""
    form = turn.tracker.active_loop_name
    if turn.is_first_of_two:
        return [FollowupAction(ACTION_LISTEN)] if form else []
    if form:
        return [FollowupAction(form)]
    quote = shown_quote(turn.session, turn.conversation.id)
    if quote and turn.now < quote.expires_at:
        turn.say("utter_plan_still_open", loan=quote.terms["loan"])
    elif quote:
        withdraw_shown_quote(turn.session, turn.conversation.id)
        turn.say("utter_plan_expired", loan=quote.terms["loan"], buttons=[quote_again_button(turn, quote)])
    return []


def quote_again_button(turn: Turn, quote: Quote) -> dict[str, str]:
    return {"title": turn.part("quote_again"), "payload": f'/inform{{"quote_reference": "{quote.id}"}}'}


def last_response(turn: Turn) -> str | None:
    """The name of what was said last in this conversation."""
    said = (event for event in reversed(turn.tracker.events) if event["event"] == "bot")
    return next((event["metadata"].get("utter_action") for event in said), None)

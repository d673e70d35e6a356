"""Small talk, repeating, and what to do when the message was not understood."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, FollowupAction, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ACTION_LISTEN, Events, RespiteAction
from actions.form_steps import ask_again
from actions.handoff import ask_for_person
from actions.offering import review
from actions.turn import Turn
from respite.plans.quotes import shown_quote
from respite.support.handoffs import open_handoff

TRIES_BEFORE_A_PERSON = 2
CHOICES = 2
KEPT_BETWEEN_SESSIONS = ("language", "loan_reference")
NEVER_MEANT = {
    "nlu_fallback",
    "out_of_scope",
    "inform",
    "affirm",
    "deny",
    "cancel",
    "restart",
    "repeat",
    "greet",
    "goodbye",
    "thank",
    "insult",
    "ask_capabilities",
    "ask_bot_identity",
}
"""Intents that are no use as a guess: small talk, and words that mean something only as an answer."""


class SessionStart(Action):
    """A borrower comes back after hours: a form or a question of then is over, the language and the loan are not."""

    def name(self) -> str:
        return "action_session_start"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        kept = [SlotSet(slot, tracker.get_slot(slot)) for slot in KEPT_BETWEEN_SESSIONS if tracker.get_slot(slot)]
        return [SessionStarted(), *kept, ActionExecuted(ACTION_LISTEN)]


class SmallTalk(RespiteAction):
    """A greeting, thanks or a question about the bot: one line, and back to what was under way."""

    interrupts = True

    def name(self) -> str:
        return "action_small_talk"

    def answer(self, turn: Turn) -> Events:
        lender = turn.in_words(turn.policy.lender.name)
        turn.say(f"utter_{turn.tracker.get_intent_of_latest_message()}", lender=lender)
        return []


class AskToClarify(RespiteAction):
    """Not sure: choose between the two likeliest meanings or rephrase; the second time, a person is called.

    Whoever waits for one already is asked to rephrase.
    """

    def name(self) -> str:
        return "action_ask_to_clarify"

    def answer(self, turn: Turn) -> Events:
        if turn.entity("unclear_date"):
            return [FollowupAction("action_inform")]
        misunderstood = int(turn.tracker.get_slot("misunderstood") or 0) + 1
        if misunderstood >= TRIES_BEFORE_A_PERSON and open_handoff(turn.session, turn.conversation.id) is None:
            turn.say("utter_still_not_understood")
            ask_for_person(turn, "not_understood")
            return [SlotSet("misunderstood", 0)]
        choices = likeliest(turn) if misunderstood == 1 and has_words(turn) else []
        if choices:
            turn.say("utter_which_did_you_mean", buttons=choices)
        else:
            turn.say("utter_please_rephrase")
        return [SlotSet("misunderstood", misunderstood)]


class GoOn(RespiteAction):
    """No rule says what comes next: nothing, once there is an answer; else the form that waits asks once more.

    So it is when an action was followed by another one, and when a wish is said again while its form waits.
    """

    def name(self) -> str:
        return "action_go_on"

    def answer(self, turn: Turn) -> Events:
        if not is_answered(turn):
            if turn.tracker.active_loop_name:
                return ask_again(turn)
            turn.say("utter_please_rephrase")
        return [FollowupAction(ACTION_LISTEN)]


class Repeat(RespiteAction):
    """The last thing said, again: the action that said it answers once more from today's figures."""

    def name(self) -> str:
        return "action_repeat"

    def answer(self, turn: Turn) -> Events:
        if turn.tracker.active_loop_name:
            return ask_again(turn)
        quote = shown_quote(turn.session, turn.conversation.id)
        last = last_action(turn, {*REPEATABLE, *REVIEWING} if quote else {*REPEATABLE})
        if quote and last in REVIEWING:
            review(turn, quote)
        elif last:
            return [FollowupAction(last)]
        else:
            turn.say("utter_ask_capabilities")
        return []


REVIEWING = ("action_inform", "action_quote_deferral", "action_quote_restructuring")
"""What puts a plan under review."""

REPEATABLE = (
    "action_query_bill",
    "action_query_due_date",
    "action_query_schedule",
    "action_query_overdue",
    "action_query_payment_status",
    "action_query_payoff",
    "action_query_plan",
    "action_ask_overdue_consequences",
    "action_ask_penalty",
    "action_ask_interest",
    "action_ask_credit_impact",
    "action_ask_legal_action",
    "action_ask_minimum_payment",
    "action_offer_plans",
    "action_ask_plan_difference",
)


def last_action(turn: Turn, among: set[str]) -> str | None:
    """The last action of this conversation that is one of some."""
    done = (event["name"] for event in reversed(turn.tracker.events) if event["event"] == "action")
    return next((name for name in done if name in among), None)


def is_answered(turn: Turn) -> bool:
    """Whether something has been said since the borrower's latest message."""
    latest = next(event for event in reversed(turn.tracker.events) if event["event"] in ("user", "bot"))
    return latest["event"] == "bot"


def has_words(turn: Turn) -> bool:
    return any(character.isalnum() for character in turn.tracker.latest_message.get("text") or "")


def likeliest(turn: Turn) -> list[dict[str, Any]]:
    """Buttons for the likeliest meanings of the message, leaving out those that only the bot understands."""
    ranking = turn.tracker.latest_message.get("intent_ranking") or []
    names = [item["name"] for item in ranking if item["name"] not in NEVER_MEANT]
    return [{"title": turn.part(f"intent_{name}"), "payload": f"/{name}"} for name in names[:CHOICES]]

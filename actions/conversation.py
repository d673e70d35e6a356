"""Small talk, repeating, and what to do when the message was not understood."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Events, RespiteAction
from actions.turn import Turn

TRIES_BEFORE_A_PERSON = 3
CHOICES = 2
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
    """Not sure: choose between the two likeliest meanings, then rephrase, then a person."""

    def name(self) -> str:
        return "action_ask_to_clarify"

    def answer(self, turn: Turn) -> Events:
        misunderstood = int(turn.tracker.get_slot("misunderstood") or 0) + 1
        if misunderstood >= TRIES_BEFORE_A_PERSON:
            turn.say("utter_offer_person")
            return [SlotSet("misunderstood", 0), SlotSet("confirmation_asked", "human")]
        choices = likeliest(turn) if misunderstood == 1 else []
        if choices:
            turn.say("utter_which_did_you_mean", buttons=choices)
        else:
            turn.say("utter_please_rephrase")
        return [SlotSet("misunderstood", misunderstood)]


class Repeat(RespiteAction):
    """The last thing said, again: the action that said it answers once more from today's figures."""

    def name(self) -> str:
        return "action_repeat"

    def answer(self, turn: Turn) -> Events:
        last = next(
            (
                event["name"]
                for event in reversed(turn.tracker.events)
                if event["event"] == "action" and event["name"] in REPEATABLE
            ),
            None,
        )
        if last:
            return [FollowupAction(last)]
        turn.say("utter_ask_capabilities")
        return []


REPEATABLE = {
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
}


def likeliest(turn: Turn) -> list[dict[str, Any]]:
    """Buttons for the likeliest meanings of the message, leaving out those that only the bot understands."""
    ranking = turn.tracker.latest_message.get("intent_ranking") or []
    names = [item["name"] for item in ranking if item["name"] not in NEVER_MEANT]
    return [{"title": turn.part(f"intent_{name}"), "payload": f"/{name}"} for name in names[:CHOICES]]

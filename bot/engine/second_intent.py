"""Two questions in one message: which is the main one, and what else is asked."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.clauses import CLAUSES, ClauseSplitter
from bot.engine.component import ConfiguredComponent
from bot.engine.decision import Prediction
from bot.engine.normalizer import NORMALISED_TEXT

SECOND_INTENT = "second_intent"

_LOOK_UPS = (
    "query_bill query_due_date query_schedule query_overdue query_payment_status query_plan query_payoff "
    "ask_overdue_consequences ask_credit_impact ask_penalty ask_legal_action ask_interest ask_how_to_pay ask_autopay "
    "ask_change_due_date ask_minimum_payment ask_reminders ask_budget_advice ask_scam_check ask_privacy "
    "ask_plan_difference ask_credit_line ask_capabilities"
).split()
_ACTIONS = (
    "request_deferral request_restructure request_waiver dispute_bill cancel_arrangement promise_to_pay pay_now "
    "request_human stop_contact change_contact change_language"
).split()
_ROUND_A_QUESTION = ("greet", "thank", "insult", "make_complaint")
_NEGATION = re.compile(r"\b(?:not|no|never|dont|didnt|cannot|cant|wont)\b|n't\b|不|没|别|唔|冇")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondIntent(ConfiguredComponent, IntentClassifier):
    """Sets `second_intent` where two clauses of a message clearly ask for different things.

    The intent of the whole message stays the main one if a clause bears it out. If the whole was not clear, the first
    clear clause is the main one; if it was taken for the greeting or the complaint round a question about the account,
    the question is.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [ClauseSplitter, IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options."""
        return {
            # From which probability on a clause is clear.
            "threshold": 0.7,
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the second intent of each message that has one."""
        for message in messages:
            clear = [clause for clause in message.get(CLAUSES, []) if self._is_clear(clause)]
            main = _main(message.get(INTENT), clear)
            if main:
                _make_main(message, main)
                second = next((each for each in clear if not _agree(each.get(INTENT), main)), None)
                if second:
                    message.set(SECOND_INTENT, {**second.get(INTENT), "text": second.get(TEXT)}, add_to_output=True)
        return messages

    def _is_clear(self, clause: Message) -> bool:
        intent = clause.get(INTENT)
        is_meant = intent[INTENT_NAME_KEY] in _LOOK_UPS or (
            intent[INTENT_NAME_KEY] in _ACTIONS and not _NEGATION.search(clause.get(NORMALISED_TEXT))
        )
        return is_meant and bool(intent[PREDICTED_CONFIDENCE_KEY] >= self._config["threshold"])


def _main(intent: Prediction, clear: list[Message]) -> Prediction | None:
    if any(_agree(clause.get(INTENT), intent) for clause in clear):
        return intent
    if intent[INTENT_NAME_KEY] == DEFAULT_NLU_FALLBACK_INTENT_NAME:
        candidates = clear
    elif intent[INTENT_NAME_KEY] in _ROUND_A_QUESTION:
        candidates = [clause for clause in clear if clause.get(INTENT)[INTENT_NAME_KEY].startswith("query_")]
    else:
        candidates = []
    return candidates[0].get(INTENT) if candidates else None


def _agree(one: Prediction, other: Prediction) -> bool:
    return bool(one[INTENT_NAME_KEY] == other[INTENT_NAME_KEY])


def _make_main(message: Message, main: Prediction) -> None:
    others = [
        each
        for each in message.get(INTENT_RANKING_KEY)
        if not _agree(each, main) and each[INTENT_NAME_KEY] != DEFAULT_NLU_FALLBACK_INTENT_NAME
    ]
    message.set(INTENT, main, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [main, *others], add_to_output=True)

"""A conversation with the real actions in one process, and their replies as Rasa would word them."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.base import ACTION_LISTEN
from actions.domain import domain
from respite.policies.load import policy
from respite.store.models import Borrower
from respite.store.session import transaction
from tests.conversations.borrowers import add_borrower, sign_in
from tests.unit.plans.desk import converse

TODAY = date(2026, 11, 22)
MACHINE_READ = {"type", "status", "state", "label", "payload", "reference", "due_on", "amount_minor"}
"""Parts of a card that a borrower does not read."""


@dataclass(frozen=True)
class Reply:
    """One message of the bot as the borrower would get it."""

    response: str
    text: str
    buttons: tuple[dict[str, str], ...]
    card: dict[str, Any] | None
    facts: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """Everything that the borrower reads: text, buttons and card."""
        return [self.text, *(button["title"] for button in self.buttons), *_strings(self.card)]


@dataclass
class Chat:
    """One conversation: what its tracker knows is carried from turn to turn."""

    conversation_id: str
    language: str = "en"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    form: str | None = None
    latest_action: str = ACTION_LISTEN
    part_of_message: str | None = None
    turn_id: str | None = None

    def run(
        self, action: str, intent: str = "", text: str = "", ranking: tuple[str, ...] = (), **entities: Any
    ) -> list[Reply]:
        """Run one action as the answer to a message, and what follows on it; slots that are set are kept."""
        dispatcher, tracker = CollectingDispatcher(), self.tracker(intent, text, ranking, entities)
        events = asyncio.run(actions()[action](dispatcher, tracker, domain()))
        replies = [render(message, tracker.slots) for message in dispatcher.messages]
        said = [{"event": "bot", "metadata": {"utter_action": reply.response}} for reply in replies]
        self.events += [{"event": "action", "name": action}, *said, *events]
        self.latest_action = action
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "active_loop":
                self.form = event["name"]
            if event["event"] == "followup" and event["name"] in actions():
                replies += self.run(event["name"], intent, text, ranking, **entities)
        self.latest_action = ACTION_LISTEN
        return replies

    def said(self, action: str, **message: Any) -> list[str]:
        """The names of the responses that an action answers with."""
        return [reply.response for reply in self.run(action, **message)]

    def tracker(self, intent: str, text: str, ranking: tuple[str, ...], entities: dict[str, Any]) -> Tracker:
        return Tracker(
            self.conversation_id,
            dict.fromkeys(domain()["slots"]) | {"language": self.language} | self.slots,
            {
                "intent": {"name": intent, "confidence": 1.0},
                "intent_ranking": [{"name": name} for name in ranking or (intent,)],
                "entities": [{"entity": name, "value": value} for name, value in entities.items()],
                "text": text,
                "part_of_message": self.part_of_message,
                "message_id": self.turn_id,
            },
            self.events,
            False,
            None,
            {"name": self.form} if self.form else {},
            self.latest_action,
        )


def chat_as(profile: str | None, language: str = "en") -> Chat:
    """A conversation with a new borrower of this profile, or with a stranger."""
    with transaction() as session:
        conversation_id = converse(session, None).id
        if profile:
            sign_in(session, conversation_id, add_borrower(session, profile, policy(), TODAY))
        return Chat(conversation_id, language)


def chat_with(borrower_id: int, language: str = "en") -> Chat:
    """A conversation in which this borrower was verified."""
    with transaction() as session:
        conversation_id = converse(session, None).id
        sign_in(session, conversation_id, session.get_one(Borrower, borrower_id))
        return Chat(conversation_id, language)


@cache
def actions() -> dict[str, Any]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor.actions


def render(message: dict[str, Any], slots: dict[str, Any]) -> Reply:
    """What Rasa makes of an action's message: the variant for the language, with the values in it."""
    variant = variant_of(message["response"], slots["language"])
    values = slots | message
    custom = message.get("custom") or {}
    buttons = variant.get("buttons", []) + (message.get("buttons") or [])
    return Reply(
        response=message["response"],
        text=interpolated(variant["text"], values),
        buttons=tuple({name: interpolated(part, values) for name, part in each.items()} for each in buttons),
        card=custom.get("card"),
        facts=tuple(custom.get("facts", ())),
    )


def variant_of(response: str, language: str) -> dict[str, Any]:
    """The variant of a response in a language; Rasa takes the one without a condition where none is met."""
    variants: list[dict[str, Any]] = domain()["responses"][response]
    conditions = [[each["value"] for each in variant.get("condition", [])] for variant in variants]
    chosen = [language] if [language] in conditions else []
    return variants[conditions.index(chosen)]


def interpolated(text: str, values: dict[str, Any]) -> str:
    return re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], found[0])), text)


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in MACHINE_READ:
                yield from _strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from _strings(value)

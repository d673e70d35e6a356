"""Conversations with the real bot: real Rasa, real actions, a real database. Each lives in a file of its kind.

A conversation names its `borrower` (borrowers.py; `stranger` for nobody we know), the `language` of its answers (en,
zh-Hans, zh-Hant) and its `turns`; `signed_in: false` leaves the sign-in to the turns, `by_lender` is one without a
code. A turn is what the borrower does (`say`, `press` a button by its title, `choose` a plan by its place), the
`intent` that Rasa is to find where no wording is sure to bring it about, or what happens `meanwhile` (meanwhile.py).
A turn that is `silent` gets no word from the bot, because a person has the conversation. Any other answer must hold
`has`, each `once` and no more, and not `has_not` (texts), `card` (its type), `lines` (labels on each plan of the card)
and `buttons` (titles), and from a turn with a `language` on it is in that one. `{phone}`, `{code}` (the newest),
`{loan}` and `{second_loan}` stand for the borrower's own, `{new_phone}` for a number that is nobody's yet,
`{very_long}` for more than anybody reads. At the end, `slots` tell what Rasa remembers, `plans` the states of the
borrower's plans, and `writes` which of the tables that matter, and of the audit trail, have how many new rows; every
other one must have none.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import func, select

from bot.channels.webchat import CHANNEL, chat_key
from bot.engine.language import detect_language
from respite.clock import utc_now
from respite.identity.verification import vouched_for
from respite.policies.load import policy
from respite.store import models
from respite.store.session import transaction
from respite.support.buttons import offer
from respite.support.conversations import open_conversation
from respite.support.messages import Button
from tests.conversations import meanwhile
from tests.conversations.borrowers import add_borrower, new_number, sign_in
from tests.conversations.chat import Answer, Chat
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot

FOLDER = Path(__file__).parent
VERY_LONG = {"very_long": "I cannot pay. " * 1000}
WRITTEN = (
    models.Loan,
    models.Schedule,
    models.Plan,
    models.PromiseToPay,
    models.Payment,
    models.Handoff,
    models.SupportCase,
    models.OutreachPause,
)
REFERENCE = re.compile(r"[A-Z]-[A-Z0-9]{6}")
AUDITED = ("plan_booked", "plan_cancelled", "promise_recorded", "phone_changed", "idle_signed_out")


def conversations() -> list[Any]:
    return [
        pytest.param(conversation, id=f"{file.parent.name}/{file.stem}: {conversation['conversation']}")
        for file in sorted(FOLDER.glob("*/*.yml"))
        if file.parent.name != "stories"
        for conversation in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("conversation", conversations())
def test_conversation(conversation: dict[str, Any], bot: RunningBot, http: httpx.Client) -> None:
    chat = Chat(http, conversation.get("language", "en"))
    conversation_id, own = begin(chat, conversation)
    before = rows()
    for turn in conversation["turns"]:
        if "meanwhile" in turn:
            getattr(meanwhile, turn["meanwhile"])(conversation_id)
            continue
        chat.language = turn.get("language", chat.language)
        if "{code}" in turn.get("say", ""):
            own["code"] = bot.code_sent_in(conversation_id, after=own.get("code", ""))
        turn = filled(turn, own | VERY_LONG)
        check(turn, answer_to(turn, chat, conversation_id), chat.language)
    assert rows() - before == Counter(conversation.get("writes", {}))
    slots = bot.slots(conversation_id)
    for name, value in filled(conversation.get("slots", {}), own).items():
        assert slots.get(name) == value, f"slot {name}"
    if "plans" in conversation:
        assert plan_states(own["reference"]) == conversation["plans"]


def begin(chat: Chat, conversation: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Open the chat; returns the conversation's id and what the borrower knows of their own account."""
    profile, signed_in = conversation["borrower"], conversation.get("signed_in", True)
    with transaction() as session:
        opened = open_conversation(session, CHANNEL, chat_key(chat.token), chat.language, utc_now())
        if profile == "stranger":
            return opened.id, {}
        borrower = add_borrower(session, profile, policy(), BUSINESS_DATE)
        if signed_in == "by_lender":
            vouched_for(session, opened.id, borrower.id, utc_now())
        elif signed_in:
            sign_in(session, opened.id, borrower)
        names = dict(zip(("loan", "second_loan"), (loan.reference for loan in borrower.loans), strict=False))
        own = {"phone": borrower.phone, "new_phone": new_number(), "reference": borrower.reference}
        return opened.id, names | own


def filled(turn: Any, own: dict[str, str]) -> Any:
    """A turn with the borrower's own things in their places."""
    match turn:
        case str():
            for name, value in own.items():
                turn = turn.replace(f"{{{name}}}", value)
            return turn
        case list():
            return [filled(item, own) for item in turn]
        case dict():
            return {key: filled(value, own) for key, value in turn.items()}
        case _:
            return turn


def answer_to(turn: dict[str, Any], chat: Chat, conversation_id: str) -> Answer:
    if "press" in turn:
        return chat.press(turn["press"])
    if "choose" in turn:
        return chat.choose(turn["choose"])
    if "intent" in turn:
        return chat.press_reference(button_for(turn["intent"], conversation_id))
    return chat.say(turn["say"])


def button_for(intent: str, conversation_id: str) -> str:
    """The reference of a new button that means `intent`."""
    with transaction() as session:
        button = Button(title=f"[{intent}]", payload=f"/{intent}")
        return offer(session, conversation_id, button, utc_now()).reference


def check(turn: dict[str, Any], answer: Answer, language: str) -> None:
    if turn.get("silent"):
        assert [message["text"] for message in answer if message["author"] == "bot"] == []
        return
    said = "\n".join(message["text"] for message in answer)
    assert said, f"no answer to {turn}"
    for unfilled in ("{", "None"):
        assert unfilled not in said, f"an unfilled place in the answer to {turn}: {said}"
    for message in answer:
        written_in = detect_language(REFERENCE.sub("", message["text"]), language)
        assert written_in == language, f"the answer to {turn} is in {written_in}: {message['text']}"
    for text in as_list(turn.get("has")):
        assert text in said, f"{text!r} is not in the answer to {turn}: {said}"
    for text in as_list(turn.get("once")):
        assert said.count(text) == 1, f"{text!r} is not once in the answer to {turn}: {said}"
    for text in as_list(turn.get("has_not")):
        assert text not in said, f"{text!r} is in the answer to {turn}: {said}"
    cards = [message["card"] for message in answer if message["card"]]
    types = [card["type"] for card in cards]
    for card_type in as_list(turn.get("card")):
        assert card_type in types, f"no {card_type} card in the answer to {turn}: {types}"
    if "lines" in turn:
        for plan in (plan for card in cards for plan in card.get("options", [card])):
            assert [line["label"] for line in plan["lines"]] == turn["lines"], f"on the card {plan['title']}"
    titles = [button["title"] for message in answer for button in message["buttons"]]
    for title in as_list(turn.get("buttons")):
        assert title in titles, f"no button {title!r} in the answer to {turn}: {titles}"


def as_list(value: str | list[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def rows() -> Counter[str]:
    """How many rows the tables that matter have, and how often the audit trail tells of each thing that matters."""
    with transaction() as session:
        tables = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in WRITTEN
        }
        actions = session.scalars(select(models.AuditEntry.action).where(models.AuditEntry.action.in_(AUDITED)))
        return Counter(tables) + Counter(actions)


def plan_states(borrower_reference: str) -> list[str]:
    with transaction() as session:
        borrower = session.scalars(select(models.Borrower).filter_by(reference=borrower_reference)).one()
        return [plan.state for loan in borrower.loans for plan in loan.plans]

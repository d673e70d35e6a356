"""A borrower's message is one trace through the three processes, and no trace holds what anybody said."""

import httpx

from bot.channels.webchat import CHANNEL, chat_key
from respite.clock import utc_now
from respite.policies.load import policy
from respite.store.models import Borrower
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.conversations.borrowers import add_borrower
from tests.conversations.chat import Chat
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot
from tests.traces import Collector, Span

ATTRIBUTES = {"action", "channel", "conversation", "error.type"}


def test_one_message_is_one_trace_through_three_processes(
    bot: RunningBot, http: httpx.Client, collector: Collector
) -> None:
    chat = Chat(http)
    conversation_id, borrower = begin(chat)
    answer = chat.say("how much do I owe this month")
    assert borrower.loans[0].reference in answer[0]["text"]

    def has_arrived(spans: list[Span]) -> bool:
        whole = of_conversation(spans, conversation_id)
        return {"message", "turn", "rasa"} <= {span.name for span in whole} and "action_query_bill" in asked(whole)

    spans = of_conversation(collector.wait_for(has_arrived), conversation_id)
    [message], [turn], [rasa] = (named(spans, name) for name in ("message", "turn", "rasa"))
    assert (message.parent, turn.parent, rasa.parent) == ("", message.id, turn.id)
    actions = named(spans, "action")
    assert {action.parent for action in actions} == {rasa.id}
    assert {span.service for span in spans} == {"respite-web", "respite-actions"}
    in_database = {span.parent for span in named(spans, "database")}
    assert {message.id, turn.id} <= in_database
    assert in_database & {action.id for action in actions}


def test_no_trace_holds_what_was_said_or_who_said_it(bot: RunningBot, http: httpx.Client, collector: Collector) -> None:
    chat = Chat(http)
    conversation_id, borrower = begin(chat)
    chat.say(f"this is {borrower.name}, my number is {borrower.phone}, and I cannot pay {borrower.loans[0].reference}")
    collector.wait_for(lambda spans: bool(named(of_conversation(spans, conversation_id), "turn")))
    for span in collector.spans:
        assert span.attributes.keys() <= ATTRIBUTES
        for word in (borrower.name, borrower.phone[3:], borrower.loans[0].reference, "cannot"):
            assert word not in str(span)


def begin(chat: Chat) -> tuple[str, Borrower]:
    """A chat in which a borrower is signed in."""
    with transaction() as session:
        opened = open_conversation(session, CHANNEL, chat_key(chat.token), chat.language, utc_now())
        opened.borrower, opened.verified_at = add_borrower(session, "due_soon", policy(), BUSINESS_DATE), utc_now()
        assert opened.borrower.loans
        return opened.id, opened.borrower


def of_conversation(spans: list[Span], conversation_id: str) -> list[Span]:
    """All spans of the traces that a conversation's messages began."""
    traces = {span.trace for span in spans if span.attributes.get("conversation") == conversation_id}
    return [span for span in spans if span.trace in traces]


def asked(spans: list[Span]) -> set[str]:
    """The actions that were asked."""
    return {span.attributes["action"] for span in named(spans, "action")}


def named(spans: list[Span], name: str) -> list[Span]:
    return [span for span in spans if span.name == name]

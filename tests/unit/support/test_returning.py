"""Back to the bot: with a note and a code, a fresh start for the bot, and one question for the borrower."""

import pytest
from sqlalchemy import select

from bot.turns import next_turn
from respite.store.models import ButtonPress, Conversation, InboxMessage, OutboxMessage, StaffMember
from respite.store.session import transaction
from respite.support.fresh_start import BEGIN_AFRESH
from respite.support.messages import Message
from respite.support.notes import notes_of
from respite.support.ownership import NotOwnerError
from respite.support.ratings import rate
from respite.support.returning import UnknownWrapUpError, return_to_bot
from respite.support.staff_messages import send
from tests.unit.support import crew
from tests.unit.support.crew import HOUR, NOW

pytestmark = pytest.mark.usefixtures("store_url")


def give_back(conversation_id: str, by: StaffMember, wrap_up: str = "answered", **support: object) -> None:
    with transaction() as session:
        rules = crew.always_open(**support)
        return_to_bot(
            session, conversation_id, by, wrap_up=wrap_up, about="Told the day.", policy=rules, now=NOW + HOUR
        )


def answered(by: StaffMember) -> str:
    """The id of a conversation in which somebody has written."""
    conversation_id = crew.taken(by)
    with transaction() as session:
        send(session, conversation_id, by, "Hello", client_id="1", now=NOW)
    return conversation_id


def buttons(conversation_id: str) -> list[str]:
    """What the last message's buttons mean."""
    with transaction() as session:
        query = select(OutboxMessage.message).where(OutboxMessage.conversation_id == conversation_id)
        last = session.scalars(query.order_by(OutboxMessage.id.desc()).limit(1)).one()
        shown = Message.model_validate_json(last).buttons
        return [session.get_one(ButtonPress, button.reference).payload for button in shown]


def test_the_bot_begins_afresh_though_somebody_takes_the_conversation_before_it_has() -> None:
    lin = crew.hire()
    conversation_id = answered(lin)
    give_back(conversation_id, lin)
    with transaction() as session:
        session.get_one(Conversation, conversation_id).owner = f"staff:{lin.id}"
        turn = next_turn(session, conversation_id, "a process", NOW + HOUR)
    assert turn is not None
    assert [utterance.payload for utterance in turn.utterances] == [BEGIN_AFRESH]


def test_the_bot_owns_the_conversation_again() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    version = crew.conversation(conversation_id).owner_version
    give_back(conversation_id, lin)
    handoff = crew.handoff(conversation_id)
    assert (handoff.state, handoff.outcome, handoff.wrap_up, handoff.closed_at) == (
        *("closed", "returned", "answered"),
        NOW + HOUR,
    )
    assert (crew.conversation(conversation_id).owner, crew.conversation(conversation_id).owner_version) == (
        "bot",
        version + 1,
    )
    assert crew.said(conversation_id)[-1] == "Lin has left the conversation. I, the bot, am here again."
    with transaction() as session:
        assert [note.text for note in notes_of(session, conversation_id)] == ["Told the day."]


def test_the_bot_is_told_to_begin_afresh_before_the_next_message() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    give_back(conversation_id, lin)
    with transaction() as session:
        query = select(InboxMessage).where(InboxMessage.conversation_id == conversation_id)
        [told] = session.scalars(query.where(InboxMessage.state == "pending"))
        assert told.button_reference
        assert session.get_one(ButtonPress, told.button_reference).payload == "/begin_afresh"
        assert told.content == ""


@pytest.mark.parametrize("twice", ["again", "somebody else"])
def test_only_the_owner_returns_it_and_once(twice: str) -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    if twice == "again":
        give_back(conversation_id, lin)
    with pytest.raises(NotOwnerError):
        give_back(conversation_id, lin if twice == "again" else crew.hire("Grace"))
    assert len(crew.trail("handoff_returned")) == (1 if twice == "again" else 0)


def test_a_code_that_the_policy_does_not_name_ends_nothing() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    with pytest.raises(UnknownWrapUpError, match="Choose one of answered, plan_agreed"):
        give_back(conversation_id, lin, "bored")
    assert crew.handoff(conversation_id).state == "taken"


class TestRating:
    def test_the_borrower_is_asked_once_with_five_buttons(self) -> None:
        lin = crew.hire()
        conversation_id = answered(lin)
        give_back(conversation_id, lin)
        asked = crew.said(conversation_id)[-1]
        assert asked == "How was the conversation with Lin? One press is enough: 1 is poor, 5 is very good."
        reference = crew.handoff(conversation_id).reference
        assert buttons(conversation_id) == [
            f'/rate_conversation{{"rating": "{score}", "handoff_reference": "{reference}"}}' for score in range(1, 6)
        ]

    def test_nobody_is_asked_where_nobody_wrote_or_the_policy_does_not_want_it(self) -> None:
        lin = crew.hire()
        unspoken, unwanted = crew.taken(lin), answered(lin)
        give_back(unspoken, lin)
        give_back(unwanted, lin, support__rating=False)
        assert not any("How was" in text for chat in (unspoken, unwanted) for text in crew.said(chat))

    def test_an_answer_is_kept_once(self) -> None:
        conversation_id = crew.ended(crew.hire())
        reference = crew.handoff(conversation_id).reference
        with transaction() as session:
            assert rate(session, conversation_id, reference, 4, NOW)
            assert not rate(session, conversation_id, reference, 1, NOW)
        handoff = crew.handoff(conversation_id)
        assert (handoff.rating, handoff.rated_at) == (4, NOW)
        assert crew.trail("handoff_rated") == ["handoff_rated"]

    @pytest.mark.parametrize("score", [0, 6])
    def test_there_is_nothing_below_poor_and_above_very_good(self, score: int) -> None:
        conversation_id = crew.ended(crew.hire())
        with transaction() as session:
            assert not rate(session, conversation_id, crew.handoff(conversation_id).reference, score, NOW)
        assert crew.handoff(conversation_id).rating is None

    def test_nobody_judges_anothers_conversation(self) -> None:
        lin = crew.hire()
        theirs, other = crew.ended(lin), crew.ended(lin)
        with transaction() as session:
            assert not rate(session, other, crew.handoff(theirs).reference, 5, NOW)
        assert crew.handoff(theirs).rating is None


def test_traditional_readers_are_told_in_their_script() -> None:
    conversation_id = crew.taken(crew.hire("林"), language="zh-Hant")
    assert crew.said(conversation_id) == ["工作人員林已接入。你們對話期間，機器人不再發言。"]
    with transaction() as session:
        assert session.get_one(Conversation, conversation_id).language == "zh-Hant"

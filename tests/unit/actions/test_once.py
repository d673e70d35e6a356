"""A turn that is run again, because its answer was lost, is answered the same and does nothing twice."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from actions import service
from respite.store.models import SupportCase, TurnResults
from respite.store.session import transaction
from tests.unit.actions.talk import Chat, chat_as

pytestmark = pytest.mark.usefixtures("open_store", "is_open")

COMPLAINT = "somebody called me at night"


def complain(chat: Chat) -> list[str]:
    return [reply.text for reply in chat.run("action_make_complaint", text=COMPLAINT)]


def cases() -> int:
    with transaction() as session:
        return session.scalars(select(func.count(SupportCase.id))).one()


def as_before(chat: Chat) -> Chat:
    """The chat as it is now, to be gone on with once more from here."""
    return replace(chat, slots=dict(chat.slots), events=list(chat.events))


def test_a_turn_that_is_run_again_is_answered_the_same_and_writes_nothing_twice() -> None:
    chat = replace(chat_as("late"), turn_id="7.0")
    again = as_before(chat)
    assert complain(chat) == complain(again)
    assert chat.events == again.events
    assert cases() == 1


def test_the_next_turn_is_another_one() -> None:
    chat = replace(chat_as("late"), turn_id="7.0")
    first = complain(chat)
    chat.turn_id = "8.0"
    chat.events.append({"event": "user"})
    assert complain(chat) != first
    assert cases() == 2


def test_a_turn_that_was_given_up_writes_nothing_twice_though_others_came_after_it() -> None:
    chat = replace(chat_as("late"), turn_id="7.0")
    again = as_before(chat)
    said = complain(chat)
    chat.turn_id = "8.0"
    chat.events.append({"event": "user"})
    complain(chat)
    assert complain(again) == said
    assert cases() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda chat: chat.events.append({"event": "action", "name": "action_make_complaint"}),
        lambda chat: setattr(chat, "part_of_message", "second"),
    ],
    ids=["later in the turn", "in the second part of the message"],
)
def test_the_same_action_at_another_place_of_the_turn_is_not_mistaken(change: Callable[[Chat], None]) -> None:
    chat = replace(chat_as("late"), turn_id="7.0", events=[{"event": "user"}])
    later = as_before(chat)
    change(later)
    assert complain(chat) != complain(later)
    assert cases() == 2


def test_all_actions_of_a_turn_are_remembered() -> None:
    chat = replace(chat_as("late"), turn_id="7.0")
    again = as_before(chat)
    said = [complain(chat), complain(chat)]
    assert [complain(again), complain(again)] == said
    assert cases() == 2


def test_a_question_leaves_nothing_behind() -> None:
    chat = replace(chat_as("late"), turn_id="7.0")
    chat.run("action_query_bill")
    with transaction() as session:
        assert session.scalars(select(TurnResults)).all() == []


def test_an_action_that_failed_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = replace(chat_as("late"), turn_id="7.0")
    again = as_before(chat)

    def fail(*_: object) -> None:
        raise ArithmeticError

    with monkeypatch.context() as failing:
        failing.setattr(service, "open_support_case", fail)
        assert chat.said("action_make_complaint", text=COMPLAINT) == ["utter_action_failed"]
    assert again.said("action_make_complaint", text=COMPLAINT) == ["utter_complaint_opened"]
    assert cases() == 1

"""An action that fails writes nothing, says so kindly, and gives away nothing of what it was about to say."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from actions import offering
from respite.store.models import AuditEntry, Plan, Quote
from respite.store.session import transaction
from tests.unit.actions.talk import Chat, chat_as

pytestmark = pytest.mark.usefixtures("open_store")


def written() -> tuple[int | None, ...]:
    with transaction() as session:
        tables = (AuditEntry, Plan, Quote)
        return tuple(session.scalar(select(func.count(table.id))) for table in tables)


def fail(*_: object, **__: object) -> None:
    raise ArithmeticError("A mistake of ours.")


def lose_the_database(*_: object, **__: object) -> None:
    raise OperationalError("SELECT", {}, ConnectionError("The database is gone."))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_failure_half_way_writes_and_says_nothing_but_that(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    chat = chat_as("late", language)
    before = written()
    monkeypatch.setattr(offering, "plans_card", fail)
    [reply] = chat.run("action_offer_plans")
    assert reply.response == "utter_action_failed"
    assert (reply.card, reply.facts) == (None, ())
    assert chat.slots == {}
    assert written() == before


def test_a_booking_that_fails_after_its_plan_was_written_books_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chat = chat_as("late")
    chat.slots["restructuring_size"] = {"count": 12, "monthly_payment": None}
    chat.run("action_quote_restructuring")
    before = written()
    monkeypatch.setattr(offering, "review_card", fail)
    assert chat.said("action_affirm", text="/affirm") == ["utter_action_failed"]
    assert written() == before
    monkeypatch.undo()
    with transaction() as session:
        assert session.scalar(select(func.count(Plan.id))) == 0
        assert session.scalar(select(Quote.state)) == "shown"


def test_without_a_database_the_turn_fails_as_a_whole_so_that_it_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = chat_as("late")
    before = written()
    monkeypatch.setattr(offering, "plans_card", lose_the_database)
    with pytest.raises(OperationalError):
        chat.run("action_offer_plans")
    assert written() == before


def test_a_message_of_a_conversation_that_is_unknown_is_answered_too() -> None:
    assert Chat("nobody").said("action_query_bill") == ["utter_action_failed"]

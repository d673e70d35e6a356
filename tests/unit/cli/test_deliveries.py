"""`respite deliveries`."""

import pytest
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.store import audit
from respite.store.models import InboxMessage, OutboxMessage
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def deliveries(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["deliveries", *arguments])


@pytest.fixture
def given_up() -> int:
    """The number of a message that the bot has given up."""
    with transaction() as session:
        message = InboxMessage(
            conversation_id=desk.converse(session, None).id,
            channel="telegram",
            external_id="1",
            content="what do I owe?",
            received_at=desk.NOW,
            state="dead",
            attempts=3,
            error="RasaSilentError",
        )
        session.add(message)
        session.flush()
        return message.id


@pytest.fixture
def unknown() -> int:
    """The number of a message of which nobody knows whether it arrived."""
    with transaction() as session:
        message = OutboxMessage(
            conversation_id=desk.converse(session, None).id,
            author="system",
            message="{}",
            owner_version=1,
            state="unknown",
            created_at=desk.NOW,
            attempts=1,
            error="no answer",
        )
        session.add(message)
        session.flush()
        return message.id


def state_of(model: type[InboxMessage | OutboxMessage], number: int) -> tuple[str, int, str | None]:
    with transaction() as session:
        message = session.get_one(model, number)
        return message.state, message.attempts, message.error


def test_without_trouble_it_says_so() -> None:
    assert "Every message was answered and arrived." in deliveries("list").output


def test_what_is_to_be_settled_is_listed(given_up: int, unknown: int) -> None:
    listed = deliveries("list").output
    assert "dead" in listed
    assert "unknown" in listed


def test_a_message_that_was_given_up_is_answered_after_all_and_that_is_on_the_trail(given_up: int) -> None:
    assert deliveries("answer", str(given_up)).exit_code == 0
    assert state_of(InboxMessage, given_up) == ("pending", 0, None)
    assert deliveries("answer", str(given_up)).exit_code == 1, "once"
    with transaction() as session:
        assert list(audit.flaws(session)) == []


@pytest.mark.parametrize(
    ("look", "outcome"), [("--arrived", ("sent", 1, None)), ("--send-again", ("pending", 0, None))]
)
def test_whoever_looked_says_whether_a_message_arrived(
    unknown: int, look: str, outcome: tuple[str, int, str | None]
) -> None:
    assert deliveries("reconcile", str(unknown), look).exit_code == 0
    assert state_of(OutboxMessage, unknown) == outcome
    assert deliveries("reconcile", "999", look).exit_code == 1


def test_what_was_seen_to_in_another_way_is_off_the_list(given_up: int, unknown: int) -> None:
    assert deliveries("dismiss", str(given_up), "--direction", "in").exit_code == 0
    assert deliveries("dismiss", str(unknown), "--direction", "out").exit_code == 0
    assert "Every message was answered and arrived." in deliveries("list").output
    assert deliveries("dismiss", str(unknown), "--direction", "out").exit_code == 1, "once"

"""`respite close-day`."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from bot.engine.kept_conversations import Kept, KeptConversations
from respite.cli import app
from respite.clock import utc_now
from respite.policies.load import policy
from respite.settings import settings
from respite.store.session import transaction
from tests.unit.plans import desk

LATER = desk.TODAY + timedelta(days=60)


@pytest.fixture(autouse=True)
def on_a_later_day(own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_BUSINESS_DATE", LATER.isoformat())


def close_day(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["close-day", *arguments])


@pytest.mark.usefixtures("store_url")
class TestCloseDay:
    def test_a_broken_plan_is_reported_with_its_loan(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        result = close_day()
        with desk.account(loan_id, LATER) as loan:
            assert loan.active_plan is None
            assert loan.reference in result.output
        assert result.exit_code == 0
        assert f"{LATER} is closed" in result.output

    def test_an_earlier_day_can_be_closed_later(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        result = close_day("--business-date", desk.TODAY.isoformat())
        with desk.account(loan_id) as loan:
            assert loan.active_plan is not None
        assert result.exit_code == 0

    def test_a_day_that_is_still_to_come_is_refused(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        result = close_day("--business-date", (LATER + desk.DAY).isoformat())
        assert result.exit_code == 1
        assert "still to come" in result.output
        with desk.account(loan_id) as loan:
            assert loan.active_plan is not None

    def test_a_second_run_decides_nothing(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        close_day()
        result = close_day()
        assert result.exit_code == 0
        assert "Back on the schedule" not in result.output

    def test_rasa_forgets_a_conversation_that_was_quiet_for_as_long_as_messages_are_kept(self) -> None:
        kept_since = utc_now() - timedelta(days=policy().records.message_days)
        with transaction() as session:
            quiet, going_on = desk.converse(session, None), desk.converse(session, None)
            quiet.last_active_at = kept_since - timedelta(hours=1)
            going_on.created_at, going_on.last_active_at = quiet.last_active_at, kept_since + timedelta(hours=1)
        settings().home.mkdir(parents=True, exist_ok=True)
        memory, said = KeptConversations(str(settings().tracker_database), [bytes(32)]), Kept([{"event": "user"}])
        for conversation in (quiet, going_on):
            memory.write(conversation.id, said)
        assert close_day().exit_code == 0
        assert memory.read(quiet.id) is None
        assert memory.read(going_on.id) == said
        memory.write(quiet.id, said)
        assert memory.read(quiet.id) == said, "whoever comes back is remembered again"


@pytest.mark.usefixtures("bare_url")
def test_a_database_without_tables_is_said_in_words() -> None:
    result = close_day()
    assert result.exit_code == 1
    assert "respite migrate" in result.output

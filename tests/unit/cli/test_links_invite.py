"""`respite links invite`, with a Telegram of our own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.clock import utc_now
from respite.identity import link_tokens
from respite.settings import settings
from respite.store.models import AuditEntry, Borrower, Loan
from respite.store.session import transaction
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    api = BotApi()
    api.server.start()
    yield api
    api.server.stop()


@pytest.fixture
def borrower() -> str:
    with transaction() as session:
        return session.get_one(Borrower, session.get_one(Loan, desk.lend("due_soon")).borrower_id).reference


def invite(own_settings: pytest.MonkeyPatch, borrower: str, **telegram: object) -> Result:
    for name, value in telegram.items():
        own_settings.setenv(f"RESPITE_TELEGRAM_{name.upper()}", str(value))
    settings.cache_clear()
    return CliRunner().invoke(app, ["links", "invite", borrower])


def test_an_invitation_signs_its_borrower_in_once(own_settings: pytest.MonkeyPatch, api: BotApi, borrower: str) -> None:
    result = invite(own_settings, borrower, token=TOKEN, api_url=api.server.url)
    assert result.exit_code == 0
    address, token = result.output.split()[0].split("?start=")
    assert address == "https://t.me/respite_bot"
    with transaction() as session:
        chat = desk.converse(session, None)
        link_tokens.redeem(session, token, chat.id, utc_now())
        assert chat.borrower is not None
        assert chat.borrower.reference == borrower
        made = session.scalars(select(AuditEntry).where(AuditEntry.action == "chat_link_made")).one()
        assert made.actor.startswith("staff:")


@pytest.mark.parametrize(
    ("telegram", "sentence"),
    [
        ({}, "RESPITE_TELEGRAM_TOKEN is not set"),
        ({"token": "1:another"}, "does not know RESPITE_TELEGRAM_TOKEN"),
        ({"token": TOKEN, "api_url": "http://127.0.0.1:1"}, "cannot be reached"),
    ],
)
def test_without_a_bot_nobody_is_invited_and_a_sentence_says_why(
    own_settings: pytest.MonkeyPatch, api: BotApi, borrower: str, telegram: dict[str, str], sentence: str
) -> None:
    result = invite(own_settings, borrower, **{"api_url": api.server.url} | telegram)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "never-be-logged" not in result.output


def test_an_unknown_borrower_is_not_invited(own_settings: pytest.MonkeyPatch, api: BotApi) -> None:
    result = invite(own_settings, "B-NOBODY", token=TOKEN, api_url=api.server.url)
    assert result.exit_code == 1
    assert "There is no borrower B-NOBODY" in result.output

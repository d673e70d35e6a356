"""`respite staff`: the first accounts come from the command line, and any can be closed from it."""

import re

import pytest
from typer.testing import CliRunner

from respite.cli import app
from respite.clock import utc_now
from respite.staff import accounts, invitations
from respite.store.models import AuditEntry, StaffMember
from respite.store.session import reading, transaction

runner = CliRunner()


def respite(*arguments: str, exit_code: int = 0) -> str:
    result = runner.invoke(app, ["staff", *arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


def link_in(output: str) -> str:
    found = re.search(r"https://help\.lender\.example/staff/invitation/(\S+)", output)
    assert found
    return found[1]


@pytest.fixture(autouse=True)
def installation(store_url: str, own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_PUBLIC_URL", "https://help.lender.example/")


def test_a_new_member_gets_a_link_that_invites_them(store_url: str) -> None:
    token = link_in(respite("add", "Noor@lender.example", "--name", "Noor", "--role", "supervisor", "--language", "en"))

    with transaction() as session:
        noor = invitations.find_invited(session, token, utc_now())
        assert noor
        assert (noor.login, noor.name, noor.role) == ("noor@lender.example", "Noor", "supervisor")
        assert noor.languages == ["en"]


def test_the_list_says_where_each_account_stands(store_url: str) -> None:
    respite("add", "noor", "--name", "Noor")
    respite("add", "lin", "--name", "Lin")
    respite("deactivate", "lin")

    lines = respite("list").splitlines()
    assert any("noor" in line and "invited" in line for line in lines)
    assert any("lin" in line and "deactivated" in line for line in lines)


def test_a_new_invitation_replaces_one_that_was_not_used(store_url: str) -> None:
    first = link_in(respite("add", "noor", "--name", "Noor"))
    second = link_in(respite("invite", "noor"))

    with transaction() as session:
        assert invitations.find_invited(session, first, utc_now()) is None
        assert invitations.find_invited(session, second, utc_now())


def test_an_account_in_use_is_not_invited_but_reset(store_url: str) -> None:
    respite("add", "noor", "--name", "Noor")
    with transaction() as session:
        noor = accounts.find_by_login(session, "noor")
        assert noor
        noor.password_hash = "in use"

    assert "respite staff reset noor" in respite("invite", "noor", exit_code=1)
    link_in(respite("reset", "noor"))
    with reading() as session:
        assert session.get_one(StaffMember, 1).password_hash is None


def test_whoever_ran_the_command_stands_in_the_audit_trail(store_url: str) -> None:
    respite("add", "noor", "--name", "Noor")
    respite("deactivate", "noor")
    respite("activate", "noor")

    with reading() as session:
        trail = [(entry.action, entry.actor.partition(":")[0]) for entry in session.query(AuditEntry)]
    assert trail == [
        ("staff_added", "staff"),
        ("staff_invited", "staff"),
        ("staff_deactivated", "staff"),
        ("staff_activated", "staff"),
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "noor", "--name", "Noor"], "already"),
        (["reset", "nobody"], "There is no account nobody"),
        (["add", "mei", "--name", "Mei", "--language", "fr"], "English or Chinese"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(arguments: list[str], sentence: str, store_url: str) -> None:
    respite("add", "noor", "--name", "Noor")

    assert sentence in respite(*arguments, exit_code=1).replace("\n", " ")
    with reading() as session:
        assert len(accounts.all_members(session)) == 1

"""Accounts of staff: added by who may, changed with a trace, and closed at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.policies.authority import Role
from respite.staff import accounts, sessions
from respite.staff.accounts import AccountError, Profile, actor_of
from respite.staff.roles import StaffRole
from respite.store.models import AuditEntry, StaffMember
from tests.unit.staff.conftest import DESK, LIFETIME, NOW, OPERATOR


def trail(session: Session, member: StaffMember) -> list[tuple[str, str]]:
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == actor_of(member)).order_by(AuditEntry.id))
    return [(entry.action, entry.actor) for entry in entries]


def test_a_sign_in_name_is_found_however_it_is_typed(session: Session, lin: StaffMember) -> None:
    assert accounts.find_by_login(session, "  Lin@Lender.example ") is lin


def test_a_sign_in_name_belongs_to_one_account(session: Session, lin: StaffMember) -> None:
    with pytest.raises(AccountError, match="already"):
        accounts.add(session, "LIN@lender.example", Profile("Lin Two", StaffRole.AGENT), OPERATOR, NOW)


@pytest.mark.parametrize(
    ("login", "profile"),
    [
        ("", Profile("Lin", StaffRole.AGENT)),
        ("lin", Profile(" ", StaffRole.AGENT)),
        ("lin", Profile("L" * 61, StaffRole.AGENT)),
        ("lin", Profile("Lin", StaffRole.AGENT, languages=())),
        ("lin", Profile("Lin", StaffRole.AGENT, languages=("fr",))),
        ("lin", Profile("Lin", StaffRole.AGENT, capacity=0)),
        ("lin", Profile("Lin", StaffRole.AGENT, capacity=51)),
    ],
)
def test_an_account_that_makes_no_sense_is_not_added(session: Session, login: str, profile: Profile) -> None:
    with pytest.raises(AccountError):
        accounts.add(session, login, profile, OPERATOR, NOW)

    assert accounts.all_members(session) == []


def test_a_change_is_audited_with_what_changed(session: Session, lin: StaffMember, ada: StaffMember) -> None:
    changed = replace(accounts.profile_of(lin), role=StaffRole.SUPERVISOR, skills=("disputes",), capacity=6)
    accounts.change(session, lin, changed, actor_of(ada), NOW)

    assert accounts.profile_of(lin) == changed
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_changed")).one()
    assert (entry.actor, entry.subject) == (actor_of(ada), actor_of(lin))
    assert entry.details == {"role": "supervisor", "skills": ["disputes"], "capacity": 6}


def test_the_audit_trail_names_nobody(session: Session, lin: StaffMember, ada: StaffMember) -> None:
    accounts.change(session, lin, replace(accounts.profile_of(lin), name="Linnea"), actor_of(ada), NOW)

    details = str([entry.details for entry in session.scalars(select(AuditEntry))])
    assert "Lin" not in details
    assert "lender.example" not in details


def test_a_change_of_nothing_leaves_no_entry(session: Session, lin: StaffMember, ada: StaffMember) -> None:
    accounts.change(session, lin, accounts.profile_of(lin), actor_of(ada), NOW)

    assert ("staff_changed", actor_of(ada)) not in trail(session, lin)


def test_nobody_raises_themselves(session: Session, lin: StaffMember) -> None:
    with pytest.raises(AccountError, match="own role"):
        accounts.change_role(session, lin, StaffRole.ADMIN, actor_of(lin), NOW)

    assert lin.role == "agent"


def test_another_role_ends_the_sessions_of_the_earlier_one(
    session: Session, lin: StaffMember, ada: StaffMember
) -> None:
    token = sessions.begin(session, lin, DESK, NOW)
    accounts.change(session, lin, replace(accounts.profile_of(lin), capacity=2), actor_of(ada), NOW)
    assert sessions.find(session, token, LIFETIME, NOW)

    accounts.change_role(session, lin, StaffRole.SUPERVISOR, actor_of(ada), NOW)
    assert sessions.find(session, token, LIFETIME, NOW) is None


def test_a_choice_of_language_and_colours_changes_nothing_else(session: Session, lin: StaffMember) -> None:
    accounts.prefer(session, lin.id, "zh-Hant", "dark")

    assert (lin.interface_language, lin.theme, lin.role) == ("zh-Hant", "dark", "agent")


def test_an_admin_cannot_lock_themselves_out(session: Session, ada: StaffMember) -> None:
    with pytest.raises(AccountError, match="themselves"):
        accounts.deactivate(session, ada, actor_of(ada), NOW)

    assert ada.deactivated_at is None


def test_a_deactivated_member_is_signed_out_everywhere_at_once(
    session: Session, lin: StaffMember, ada: StaffMember
) -> None:
    tokens = [sessions.begin(session, lin, DESK, NOW) for _ in range(2)]
    accounts.deactivate(session, lin, actor_of(ada), NOW)

    assert [sessions.find(session, token, LIFETIME, NOW) for token in tokens] == [None, None]
    assert trail(session, lin)[-2:] == [("staff_sessions_ended", actor_of(ada)), ("staff_deactivated", actor_of(ada))]
    assert accounts.active_members(session) == [ada]
    assert accounts.all_members(session) == [ada, lin]


def test_an_activated_member_does_not_come_back_into_old_sessions(
    session: Session, lin: StaffMember, ada: StaffMember
) -> None:
    token = sessions.begin(session, lin, DESK, NOW)
    accounts.deactivate(session, lin, actor_of(ada), NOW)
    accounts.activate(session, lin, actor_of(ada), NOW)

    assert accounts.state_of(lin, NOW) == "active"
    assert sessions.find(session, token, LIFETIME, NOW) is None


@pytest.mark.parametrize(
    ("role", "others", "authority"),
    [
        (StaffRole.AGENT, [StaffRole.AGENT], Role.AGENT),
        (StaffRole.SUPERVISOR, [StaffRole.AGENT, StaffRole.SUPERVISOR], Role.SUPERVISOR),
        (StaffRole.ADMIN, list(StaffRole), Role.SUPERVISOR),
    ],
)
def test_each_role_may_do_what_the_ones_before_it_may(
    role: StaffRole, others: list[StaffRole], authority: Role
) -> None:
    assert [other for other in StaffRole if role.includes(other)] == others
    assert role.authority is authority

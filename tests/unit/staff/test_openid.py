"""Staff of an OpenID provider: an account by subject, a role by claim, and nobody without one."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.settings import Settings
from respite.staff import accounts, openid
from respite.staff.openid import NotAdmittedError, RoleClaim, admit
from respite.staff.roles import StaffRole
from respite.store.models import AuditEntry, StaffMember
from tests.unit.staff.conftest import NOW, OPERATOR

ISSUER = "https://id.lender.example"
ROLES = RoleClaim.of(Settings())
MEI: dict[str, Any] = {"sub": "248", "preferred_username": "mei", "given_name": "Mei", "roles": ["agent", "cashier"]}


def test_the_first_sign_in_makes_an_account_with_the_role_of_the_claim(session: Session) -> None:
    mei = admit(session, ISSUER, MEI, ROLES, NOW)

    assert (mei.login, mei.name, mei.role) == ("mei", "Mei", "agent")
    assert accounts.state_of(mei, NOW) == "active"


def test_the_second_sign_in_finds_the_account_by_its_subject_whatever_else_changed(session: Session) -> None:
    first = admit(session, ISSUER, MEI, ROLES, NOW)

    assert admit(session, ISSUER, MEI | {"preferred_username": "mei.chen"}, ROLES, NOW) is first
    assert accounts.all_members(session) == [first]


def test_the_subject_of_another_issuer_is_somebody_else(session: Session) -> None:
    first = admit(session, ISSUER, MEI, ROLES, NOW)

    assert admit(session, "https://other.example", MEI | {"preferred_username": "mei2"}, ROLES, NOW) is not first


def test_the_role_follows_the_claim_and_the_change_is_audited(session: Session) -> None:
    mei = admit(session, ISSUER, MEI, ROLES, NOW)
    admit(session, ISSUER, MEI | {"roles": ["agent", "supervisor"]}, ROLES, NOW)

    assert mei.role == "supervisor"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_changed")).one()
    assert (entry.actor, entry.details) == ("openid", {"role": "supervisor"})


@pytest.mark.parametrize("roles", [[], ["cashier"], "cashier", None, {"agent": True}, [["agent"]]])
def test_whoever_has_no_role_here_gets_no_account(session: Session, roles: Any) -> None:
    with pytest.raises(NotAdmittedError, match="no role"):
        admit(session, ISSUER, MEI | {"roles": roles}, ROLES, NOW)

    assert accounts.all_members(session) == []


def test_whoever_loses_the_role_gets_in_no_more(session: Session) -> None:
    admit(session, ISSUER, MEI, ROLES, NOW)

    with pytest.raises(NotAdmittedError):
        admit(session, ISSUER, MEI | {"roles": []}, ROLES, NOW)


def test_a_deactivated_account_stays_closed_whatever_the_provider_says(session: Session) -> None:
    mei = admit(session, ISSUER, MEI, ROLES, NOW)
    accounts.deactivate(session, mei, OPERATOR, NOW)

    with pytest.raises(NotAdmittedError, match="deactivated"):
        admit(session, ISSUER, MEI, ROLES, NOW)


def test_a_local_account_is_not_taken_over_by_its_name(session: Session, lin: StaffMember) -> None:
    with pytest.raises(NotAdmittedError, match="local account"):
        admit(session, ISSUER, MEI | {"preferred_username": lin.login}, ROLES, NOW)

    assert lin.oidc_subject is None


def test_the_claim_may_lie_within_another_and_its_values_may_be_the_lenders_own() -> None:
    claim = RoleClaim("realm_access.roles", {"loans-team-lead": StaffRole.SUPERVISOR})

    assert claim.role({"realm_access": {"roles": ["loans-team-lead"]}}) is StaffRole.SUPERVISOR
    assert claim.role({"realm_access": "loans-team-lead"}) is None
    assert claim.role({"roles": ["loans-team-lead"]}) is None


def test_a_refusal_is_audited(session: Session) -> None:
    openid.note_refusal(session, NotAdmittedError("no role"), NOW)

    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor, entry.details) == ("staff_sign_in_refused", "openid", {"reason": "no role"})

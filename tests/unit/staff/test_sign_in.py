"""Signing in: three things must be right at once, nobody learns which was wrong, and guessing gets slower."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.staff import accounts, second_factor, sessions, sign_in
from respite.staff.accounts import Profile, actor_of
from respite.staff.delays import FREE_TRIES, TRIES_AN_HOUR_FROM_ADDRESS
from respite.staff.demo import PASSWORD as DEMO_PASSWORD
from respite.staff.demo import add_demo_staff
from respite.staff.passwords import Check, check_password
from respite.staff.roles import StaffRole
from respite.staff.sign_in import TooSoon
from respite.store.models import AuditEntry, StaffMember
from tests.unit.staff.conftest import DESK, LIFETIME, NOW, OPERATOR, PASSWORD, code_of, settle

MINUTE = timedelta(minutes=1)


class Door:
    """Somebody who tries to sign in."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def knock(
        self,
        login: str,
        password: str,
        code: str,
        now: datetime = NOW,
        address: str | None = DESK.address,
        is_demo: bool = False,
    ) -> str | TooSoon | None:
        attempt = sign_in.begin(self.session, login, address, now)
        if isinstance(attempt, TooSoon):
            return attempt
        check = check_password(password, attempt.password_hash)
        return sign_in.finish(self.session, attempt, check, code, DESK, is_demo, now)

    def audited(self) -> list[tuple[str, str, Any]]:
        entries = self.session.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("staff_sign")).order_by(AuditEntry.id)
        )
        return [(entry.action, entry.subject, entry.details.get("reason")) for entry in entries]


@pytest.fixture
def door(session: Session) -> Door:
    return Door(session)


def test_name_password_and_code_sign_a_member_in(door: Door, lin: StaffMember) -> None:
    token = door.knock("Lin@lender.example", PASSWORD, code_of(lin))

    assert isinstance(token, str)
    signed_in = sessions.find(door.session, token, LIFETIME, NOW)
    assert signed_in
    assert signed_in.member is lin
    assert door.audited() == [("staff_signed_in", actor_of(lin), None)]


def test_a_recovery_code_stands_in_for_the_authenticator(door: Door, lin: StaffMember) -> None:
    [code, *_] = second_factor.renew_recovery_codes(door.session, lin)

    assert isinstance(door.knock(lin.login, PASSWORD, code), str)


def test_whatever_is_wrong_the_answer_is_the_same_and_the_trail_knows_better(door: Door, lin: StaffMember) -> None:
    gone = settle(door.session, "gone@lender.example", Profile("Gone", StaffRole.AGENT))
    accounts.deactivate(door.session, gone, OPERATOR, NOW)
    answers = [
        door.knock("nobody@lender.example", PASSWORD, "123456"),
        door.knock(lin.login, "not the password", code_of(lin)),
        door.knock(lin.login, PASSWORD, "000000"),
        door.knock(gone.login, PASSWORD, code_of(gone)),
    ]

    assert answers == [None] * 4
    assert [(subject, reason) for _, subject, reason in door.audited()] == [
        ("staff:unknown", "unknown"),
        (actor_of(lin), "password"),
        (actor_of(lin), "code"),
        (actor_of(gone), "deactivated"),
    ]


def test_a_code_is_not_lost_to_a_mistyped_password(door: Door, lin: StaffMember) -> None:
    door.knock(lin.login, "not the password", code_of(lin))

    assert isinstance(door.knock(lin.login, PASSWORD, code_of(lin)), str)


def test_an_account_that_was_only_invited_lets_nobody_in(door: Door) -> None:
    member = accounts.add(door.session, "noor", Profile("Noor", StaffRole.AGENT), OPERATOR, NOW)

    assert door.knock("noor", "", "") is None
    assert member.password_hash is None


def test_each_failure_after_the_fifth_waits_twice_as_long_as_the_one_before(door: Door, lin: StaffMember) -> None:
    for _ in range(FREE_TRIES - 1):
        assert door.knock(lin.login, "not the password", "") is None
    now, waits = NOW, []
    for _ in range(8):
        assert door.knock(lin.login, "not the password", "", now) is None
        refused = door.knock(lin.login, "not the password", "", now)
        assert isinstance(refused, TooSoon)
        waits.append((refused.again_at - now) / MINUTE)
        now = refused.again_at

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_right_password_does_not_shorten_a_delay(door: Door, lin: StaffMember) -> None:
    for _ in range(FREE_TRIES):
        door.knock(lin.login, "not the password", "")

    assert isinstance(door.knock(lin.login, PASSWORD, code_of(lin)), TooSoon)
    later = NOW + MINUTE
    assert isinstance(door.knock(lin.login, PASSWORD, code_of(lin, later), later), str)


def test_success_clears_what_was_counted(door: Door, lin: StaffMember) -> None:
    for _ in range(FREE_TRIES - 1):
        door.knock(lin.login, "not the password", "")
    door.knock(lin.login, PASSWORD, code_of(lin))

    for _ in range(FREE_TRIES - 1):
        assert door.knock(lin.login, "not the password", "") is None


def test_a_lock_is_audited_with_its_end(door: Door, lin: StaffMember) -> None:
    for _ in range(FREE_TRIES):
        door.knock(lin.login, "not the password", "")

    entry = door.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_sign_in_locked")).one()
    assert entry.subject == actor_of(lin)
    assert entry.details["locked_until"] == (NOW + MINUTE).isoformat()


def test_a_name_without_an_account_is_delayed_like_one_with_an_account(door: Door, lin: StaffMember) -> None:
    known, unknown = (
        [type(door.knock(login, "not the password", "")) for _ in range(FREE_TRIES + 1)]
        for login in (lin.login, "nobody@lender.example")
    )

    assert known == unknown


def test_a_colleague_signs_in_while_a_name_is_under_attack(door: Door, lin: StaffMember, ada: StaffMember) -> None:
    for _ in range(FREE_TRIES + 1):
        door.knock(lin.login, "not the password", "")

    assert isinstance(door.knock(ada.login, PASSWORD, code_of(ada)), str)


def test_an_address_cannot_try_name_after_name(door: Door, lin: StaffMember) -> None:
    for place in range(TRIES_AN_HOUR_FROM_ADDRESS):
        door.knock(f"name{place}", "not the password", "")

    assert isinstance(door.knock(lin.login, PASSWORD, code_of(lin)), TooSoon)
    assert isinstance(door.knock(lin.login, PASSWORD, code_of(lin), address="198.51.100.9"), str)


def test_many_processes_count_together(session_factory: sessionmaker[Session], session: Session) -> None:
    lin = settle(session, "lin", Profile("Lin", StaffRole.AGENT))
    session.commit()

    def knock(_: int) -> bool:
        with session_factory.begin() as own:
            attempt = sign_in.begin(own, lin.login, None, NOW)
            if isinstance(attempt, TooSoon):
                return False
            sign_in.finish(own, attempt, Check(is_right=False), "", DESK, False, NOW)
            return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(knock, range(18))) == FREE_TRIES


def test_a_password_that_was_changed_meanwhile_signs_nobody_in(door: Door, lin: StaffMember) -> None:
    attempt = sign_in.begin(door.session, lin.login, None, NOW)
    assert not isinstance(attempt, TooSoon)
    lin.password_hash = "changed by the member in another window"

    assert sign_in.finish(door.session, attempt, Check(is_right=True), code_of(lin), DESK, False, NOW) is None


def test_a_new_hash_replaces_the_old_one(door: Door, lin: StaffMember) -> None:
    attempt = sign_in.begin(door.session, lin.login, None, NOW)
    assert not isinstance(attempt, TooSoon)

    assert sign_in.finish(door.session, attempt, Check(True, "a new hash"), code_of(lin), DESK, False, NOW)
    assert lin.password_hash == "a new hash"


def test_the_staff_of_a_demonstration_sign_in_without_a_code_in_a_demonstration_only(door: Door) -> None:
    add_demo_staff(door.session, NOW)
    add_demo_staff(door.session, NOW)

    assert door.knock("lin", DEMO_PASSWORD, "", is_demo=False) is None
    assert isinstance(door.knock("lin", DEMO_PASSWORD, "", is_demo=True), str)


def test_a_real_account_needs_its_code_in_a_demonstration_too(door: Door, lin: StaffMember) -> None:
    assert door.knock(lin.login, PASSWORD, "", is_demo=True) is None

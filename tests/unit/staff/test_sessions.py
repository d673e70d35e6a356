"""Sessions end: after a pause, after a day's work, and whenever the member or an admin says so."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.staff import own_account, second_factor, sessions
from respite.staff.accounts import actor_of
from respite.staff.passwords import hash_password
from respite.store.models import AuditEntry, StaffMember, StaffSession
from tests.unit.staff.conftest import DESK, LIFETIME, NOW, PASSWORD, code_of

MINUTE = timedelta(minutes=1)


def sign_in(session: Session, member: StaffMember) -> StaffSession:
    token = sessions.begin(session, member, DESK, NOW)
    found = sessions.find(session, token, LIFETIME, NOW)
    assert found
    return found


def test_a_session_is_found_by_its_token_which_is_not_stored(session: Session, lin: StaffMember) -> None:
    token = sessions.begin(session, lin, DESK, NOW)
    found = sessions.find(session, token, LIFETIME, NOW)

    assert found
    assert (found.member, found.browser, found.address) == (lin, DESK.browser, DESK.address)
    assert token not in repr(session.connection().exec_driver_sql("SELECT * FROM staff_sessions").all())
    assert sessions.find(session, token + "x", LIFETIME, NOW) is None


def test_a_session_ends_after_a_pause(session: Session, lin: StaffMember) -> None:
    here = sign_in(session, lin)

    assert sessions.find_by_id(session, here.id, LIFETIME, NOW + LIFETIME.idle - MINUTE)
    assert sessions.find_by_id(session, here.id, LIFETIME, NOW + LIFETIME.idle) is None


def test_whoever_works_stays_signed_in_until_the_day_is_over(session: Session, lin: StaffMember) -> None:
    here = sign_in(session, lin)
    now = NOW
    while now < NOW + LIFETIME.longest - 20 * MINUTE:
        now += 20 * MINUTE
        assert sessions.find_by_id(session, here.id, LIFETIME, now)
        sessions.seen(session, here.id, now)

    assert sessions.find_by_id(session, here.id, LIFETIME, NOW + LIFETIME.longest) is None


def test_signs_of_life_are_written_once_a_minute(session: Session, lin: StaffMember) -> None:
    here = sign_in(session, lin)
    sessions.seen(session, here.id, NOW + MINUTE / 2)
    session.expire_all()
    assert here.last_seen_at == NOW
    sessions.seen(session, here.id, NOW + 2 * MINUTE)
    session.expire_all()
    assert here.last_seen_at == NOW + 2 * MINUTE


def test_signing_out_ends_one_session_and_no_other(session: Session, lin: StaffMember) -> None:
    here, there = sign_in(session, lin), sign_in(session, lin)
    sessions.end(session, here, actor_of(lin), NOW)
    session.flush()

    assert list(sessions.of_member(session, lin, LIFETIME, NOW)) == [there]
    assert sessions.still_good(session, [here.id, there.id], LIFETIME, NOW) == {there.id}


def test_ending_a_session_twice_is_audited_once(session: Session, lin: StaffMember) -> None:
    here = sign_in(session, lin)
    for _ in range(2):
        sessions.end(session, here, actor_of(lin), NOW)

    ended = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_sessions_ended")).all()
    assert [(entry.actor, entry.subject) for entry in ended] == [(actor_of(lin), actor_of(lin))]


def test_a_new_password_ends_every_other_session(session: Session, lin: StaffMember) -> None:
    here, there = sign_in(session, lin), sign_in(session, lin)
    own_account.change_password(session, here, hash_password("another password"), NOW)
    session.flush()

    assert list(sessions.of_member(session, lin, LIFETIME, NOW)) == [here]
    assert there.ended_at == NOW


def test_a_new_authenticator_is_taken_once_it_shows_the_right_code(session: Session, lin: StaffMember) -> None:
    here, secret = sign_in(session, lin), second_factor.new_secret()
    old = lin.totp_secret
    assert not own_account.change_authenticator(session, here, secret, code_of(lin), NOW)
    assert lin.totp_secret == old

    lin.totp_secret = secret
    code = code_of(lin)
    lin.totp_secret = old
    assert own_account.change_authenticator(session, here, secret, code, NOW)
    session.flush()
    assert not second_factor.use_code(session, lin, code, NOW), "the code that showed it has been used"
    assert second_factor.use_code(session, lin, code_of(lin, NOW + MINUTE), NOW + MINUTE)


def test_new_recovery_codes_are_audited_without_the_codes(session: Session, lin: StaffMember) -> None:
    codes = own_account.renew_recovery_codes(session, sign_in(session, lin), NOW)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_recovery_codes_renewed")).one()
    assert not any(code in str(entry.details) for code in codes)
    assert PASSWORD not in str(entry.details)

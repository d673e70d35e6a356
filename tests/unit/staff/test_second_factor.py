"""A code works once, near its time; a recovery code works once, at any time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from respite.staff import second_factor
from respite.staff.second_factor import use_code
from respite.store.models import StaffMember
from tests.unit.staff.conftest import NOW, code_of

STEP = timedelta(seconds=30)


def test_the_code_of_now_works_once(session: Session, lin: StaffMember) -> None:
    assert use_code(session, lin, code_of(lin), NOW)
    assert not use_code(session, lin, code_of(lin), NOW)


def test_a_code_is_read_with_the_space_that_authenticators_show(session: Session, lin: StaffMember) -> None:
    code = code_of(lin)

    assert use_code(session, lin, f" {code[:3]} {code[3:]}", NOW)


@pytest.mark.parametrize("steps", [-1, 1])
def test_the_code_of_a_neighbouring_step_works(session: Session, lin: StaffMember, steps: int) -> None:
    assert use_code(session, lin, code_of(lin, NOW + steps * STEP), NOW)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_further_away_does_not_work(session: Session, lin: StaffMember, steps: int) -> None:
    assert not use_code(session, lin, code_of(lin, NOW + steps * STEP), NOW)


def test_an_earlier_code_does_not_work_after_a_later_one(session: Session, lin: StaffMember) -> None:
    assert use_code(session, lin, code_of(lin), NOW)
    assert not use_code(session, lin, code_of(lin, NOW - STEP), NOW)
    assert use_code(session, lin, code_of(lin, NOW + STEP), NOW)


def test_one_code_lets_one_of_many_in(
    session_factory: sessionmaker[Session], session: Session, lin: StaffMember
) -> None:
    session.commit()
    code, staff_id = code_of(lin), lin.id

    def attempt(_: int) -> bool:
        with session_factory.begin() as own:
            return use_code(own, own.get_one(StaffMember, staff_id), code, NOW)

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(attempt, range(6))) == [False] * 5 + [True]


def test_a_recovery_code_works_once_however_it_was_written_down(session: Session, lin: StaffMember) -> None:
    first, second, *_ = second_factor.renew_recovery_codes(session, lin)

    assert use_code(session, lin, first.lower().replace("-", " "), NOW)
    assert not use_code(session, lin, first, NOW)
    assert use_code(session, lin, second, NOW)
    assert second_factor.recovery_codes_left(session, lin) == 8


def test_new_recovery_codes_end_the_earlier_ones(session: Session, lin: StaffMember) -> None:
    [old, *_] = second_factor.renew_recovery_codes(session, lin)
    second_factor.renew_recovery_codes(session, lin)

    assert not use_code(session, lin, old, NOW)
    assert second_factor.recovery_codes_left(session, lin) == 10


def test_the_recovery_code_of_a_colleague_does_not_work(session: Session, lin: StaffMember, ada: StaffMember) -> None:
    [of_ada, *_] = second_factor.renew_recovery_codes(session, ada)

    assert not use_code(session, lin, of_ada, NOW)


def test_nothing_secret_is_readable_in_the_store(session: Session, lin: StaffMember) -> None:
    codes = second_factor.renew_recovery_codes(session, lin)
    session.flush()
    stored = repr(session.connection().exec_driver_sql("SELECT * FROM staff").all())
    stored += repr(session.connection().exec_driver_sql("SELECT * FROM staff_recovery_codes").all())

    assert lin.totp_secret
    assert lin.totp_secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)

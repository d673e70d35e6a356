"""An invitation makes an account usable once, by whoever has the link and an authenticator."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy.orm import Session

from respite.staff import accounts, invitations, second_factor, sessions
from respite.staff.accounts import AccountError, Profile, State, actor_of
from respite.staff.invitations import VALID_FOR, WrongCodeError
from respite.staff.passwords import check_password, hash_password
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from tests.unit.staff.conftest import DESK, LIFETIME, NOW, OPERATOR, PASSWORD, code_of


@pytest.fixture
def noor(session: Session) -> StaffMember:
    """An account that nobody has been invited to."""
    return accounts.add(session, "noor@lender.example", Profile("Noor", StaffRole.AGENT), OPERATOR, NOW)


def test_whoever_accepts_has_a_password_an_authenticator_and_ten_recovery_codes(
    session: Session, noor: StaffMember
) -> None:
    token = invitations.invite(session, noor, OPERATOR, NOW)
    assert accounts.state_of(noor, NOW) is State.INVITED
    assert invitations.find_invited(session, token, NOW) is noor
    codes = invitations.accept(session, noor, hash_password(PASSWORD), code_of(noor), NOW)

    assert len(set(codes)) == 10
    assert accounts.state_of(noor, NOW) is State.ACTIVE
    assert check_password(PASSWORD, noor.password_hash).is_right


def test_a_link_works_once(session: Session, noor: StaffMember) -> None:
    token = invitations.invite(session, noor, OPERATOR, NOW)
    invitations.accept(session, noor, hash_password(PASSWORD), code_of(noor), NOW)
    session.flush()

    assert invitations.find_invited(session, token, NOW) is None


def test_a_link_expires(session: Session, noor: StaffMember) -> None:
    token = invitations.invite(session, noor, OPERATOR, NOW)
    session.flush()

    assert invitations.find_invited(session, token, NOW + VALID_FOR - timedelta(seconds=1)) is noor
    assert invitations.find_invited(session, token, NOW + VALID_FOR) is None
    assert accounts.state_of(noor, NOW + VALID_FOR) is State.INVITATION_EXPIRED


def test_a_new_link_ends_the_earlier_one(session: Session, noor: StaffMember) -> None:
    first, second = (invitations.invite(session, noor, OPERATOR, NOW) for _ in range(2))
    session.flush()

    assert invitations.find_invited(session, first, NOW) is None
    assert invitations.find_invited(session, second, NOW) is noor


def test_without_the_authenticators_code_nothing_is_accepted(session: Session, noor: StaffMember) -> None:
    token = invitations.invite(session, noor, OPERATOR, NOW)
    with pytest.raises(WrongCodeError):
        invitations.accept(session, noor, hash_password(PASSWORD), "000000", NOW)

    session.flush()
    assert invitations.find_invited(session, token, NOW) is noor
    assert noor.password_hash is None


def test_a_reset_takes_everything_away_that_signed_the_member_in(session: Session, lin: StaffMember) -> None:
    token = sessions.begin(session, lin, DESK, NOW)
    [recovery, *_] = second_factor.renew_recovery_codes(session, lin)
    old_code = code_of(lin)
    invitations.invite(session, lin, OPERATOR, NOW)
    session.flush()

    assert lin.password_hash is None
    assert sessions.find(session, token, LIFETIME, NOW) is None
    assert not second_factor.use_code(session, lin, recovery, NOW)
    assert not second_factor.use_code(session, lin, old_code, NOW)


def test_a_deactivated_member_is_not_invited_and_an_open_link_of_theirs_is_dead(
    session: Session, noor: StaffMember, ada: StaffMember
) -> None:
    token = invitations.invite(session, noor, OPERATOR, NOW)
    accounts.deactivate(session, noor, actor_of(ada), NOW)
    session.flush()

    assert invitations.find_invited(session, token, NOW) is None
    with pytest.raises(AccountError, match="Activate it first"):
        invitations.invite(session, noor, OPERATOR, NOW)


def test_an_authenticator_learns_whose_account_it_is_for() -> None:
    secret = second_factor.new_secret()

    read = pyotp.parse_uri(second_factor.address_of(secret, "noor@lender.example", "Pine Loans"))

    assert (read.secret, read.name, read.issuer) == (secret, "noor@lender.example", "Pine Loans")

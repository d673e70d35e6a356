"""Passwords of staff are long, name nobody, and are kept so that they cannot be read back."""

import pytest
from argon2 import PasswordHasher

from respite.staff import passwords
from respite.staff.passwords import WeakPasswordError, check_password, hash_password, require_strong
from tests.unit.staff.conftest import PASSWORD


def test_a_long_password_of_ones_own_is_taken() -> None:
    require_strong(PASSWORD, "Lin", "lin@lender.example")


@pytest.mark.parametrize(
    ("password", "what_is_said"),
    [
        ("elevenchars", "12 characters"),
        ("abababababab", "repeats"),
        ("lin.ordinary.password", "your name"),
        ("LIN.ordinary.password", "your name"),
        ("meine-ada-lovelace", "your name"),
        ("x1y2z3" * 40, "200 characters"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(password: str, what_is_said: str) -> None:
    with pytest.raises(WeakPasswordError, match=what_is_said):
        require_strong(password, "Lin", "ada-lovelace@lender.example")


def test_the_right_password_fits_its_hash_and_another_does_not() -> None:
    kept = hash_password(PASSWORD)

    assert check_password(PASSWORD, kept).is_right
    assert not check_password(PASSWORD + "x", kept).is_right
    assert PASSWORD not in kept


def test_a_password_fits_however_the_keyboard_composed_it() -> None:
    assert check_password("cafe\u0301 on the corner", hash_password("caf\u00e9 on the corner")).is_right


def test_a_hash_of_other_parameters_is_renewed_when_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    old = hash_password(PASSWORD)
    assert check_password(PASSWORD, old).new_hash is None
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))

    renewed = check_password(PASSWORD, old).new_hash

    assert renewed
    assert renewed != old
    assert check_password(PASSWORD, renewed).new_hash is None
    assert check_password("another password", old).new_hash is None


def test_no_password_fits_an_account_that_has_none() -> None:
    assert not check_password("the password of nobody", None).is_right

"""The staff of a demonstration. They have no second factor, so nothing but a demonstration lets them in."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from respite.staff import accounts
from respite.staff.accounts import Profile
from respite.staff.passwords import hash_password
from respite.staff.roles import StaffRole

PASSWORD = "only in the demo"


class DemoMember(NamedTuple):
    """Somebody to try the console as."""

    login: str
    profile: Profile


DEMO_STAFF = (
    DemoMember("lin", Profile("Lin", StaffRole.AGENT, ("zh", "en"), ("hardship",))),
    DemoMember("grace", Profile("Grace", StaffRole.AGENT, ("en",), ("disputes",))),
    DemoMember("wei", Profile("Wei", StaffRole.SUPERVISOR, ("zh", "en"), ("hardship", "disputes", "complaints"))),
    DemoMember("ada", Profile("Ada", StaffRole.ADMIN)),
)


def add_demo_staff(session: Session, now: datetime) -> None:
    """Add the staff of a demonstration, except those who are there already."""
    for login, profile in DEMO_STAFF:
        if accounts.find_by_login(session, login) is None:
            accounts.add(session, login, profile, "system", now).password_hash = hash_password(PASSWORD)

"""Who looks at a page of the console, as they were when it was opened."""

from contextvars import ContextVar
from dataclasses import dataclass

from nicegui import Client, ui

from respite.staff.roles import StaffRole
from respite.store.models import StaffSession

VISIT = "visit"

arriving: ContextVar["Visit"] = ContextVar("arriving")
"""The visit that a request for a page or its socket belongs to, as the door found it."""


class SignedOutError(Exception):
    """Nobody is signed in any more on the page on which something happens."""


@dataclass(frozen=True)
class Visit:
    """A signed-in browser and its member. What they may do now is asked anew before each act."""

    session_id: str
    staff_id: int
    name: str
    role: StaffRole
    language: str
    theme: str

    @classmethod
    def of(cls, session: StaffSession) -> "Visit":
        member = session.member
        return cls(session.id, member.id, member.name, StaffRole(member.role), member.interface_language, member.theme)


def visit() -> Visit:
    """The visit of the page on which something happens. Raises SignedOutError."""
    found = visit_of(ui.context.client)
    if found is None:
        raise SignedOutError
    return found


def visit_of(client: Client) -> Visit | None:
    """The visit of an open page; None for one that nobody is signed in on."""
    return client.storage.get(VISIT)

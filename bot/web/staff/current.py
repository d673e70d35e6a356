"""Who acts on a page now: asked anew before every act, since a page outlives the session that it was opened in."""

from collections.abc import Awaitable, Callable

import structlog
from nicegui import ui

from bot.transactions import from_store, in_store
from bot.web.staff.console import console
from bot.web.staff.leaving import send_to_sign_in
from bot.web.staff.texts import say
from bot.web.staff.visits import SignedOutError, visit
from respite.staff import sessions
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember, StaffSession

log = structlog.get_logger()


class NotAllowedError(Exception):
    """The member's role does not include what they tried."""


async def current_session(at_least: StaffRole = StaffRole.AGENT) -> StaffSession:
    """The session of the page on which something happens, with its member, and a sign of life from it.

    Raises SignedOutError, or NotAllowedError where the member's role does not include `at_least`.
    """
    found, now = await unattended_session(), console().clock.now()
    if not StaffRole(found.member.role).includes(at_least):
        raise NotAllowedError
    if found.last_seen_at < now - sessions.BETWEEN_NOTES:
        await in_store(lambda session: sessions.seen(session, found.id, now))
    return found


async def unattended_session() -> StaffSession:
    """The session of a page that does something by itself, which keeps nobody signed in. Raises SignedOutError."""
    session_id, now, lifetime = visit().session_id, console().clock.now(), console().lifetime
    found = await from_store(lambda session: sessions.find_by_id(session, session_id, lifetime, now))
    if found is None:
        raise SignedOutError
    return found


async def current_staff(at_least: StaffRole = StaffRole.AGENT) -> StaffMember:
    """Who is signed in on the page on which something happens. Raises SignedOutError or NotAllowedError."""
    return (await current_session(at_least)).member


def act(
    at_least: StaffRole = StaffRole.AGENT,
) -> Callable[[Callable[[StaffMember], Awaitable[None]]], Callable[[], Awaitable[None]]]:
    """Make a handler of what a member does: it runs for whoever is signed in at that moment and may do it."""

    def decorate(deed: Callable[[StaffMember], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        return lambda: perform(deed, at_least)

    return decorate


async def perform(deed: Callable[[StaffMember], Awaitable[None]], at_least: StaffRole = StaffRole.AGENT) -> None:
    """Do what a member does, for whoever is signed in on the page now and may do it; they are told why not."""
    client = ui.context.client
    with client:  # what a deed makes, such as a dialog, outlives the part of the page that it began in
        try:
            await deed(await current_staff(at_least))
        except SignedOutError:
            send_to_sign_in(client)
        except NotAllowedError:
            ui.notify(say("Your role does not include this."), type="warning")
        except Exception:
            log.exception("an act on the console failed")
            ui.notify(say("This did not work. Nothing was changed; please try again."), type="negative")

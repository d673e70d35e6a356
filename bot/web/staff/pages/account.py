"""A member's own account: who they are here, how they sign in, and where they are signed in."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.credentials import change_authenticator, change_password, renew_recovery_codes
from bot.web.staff.current import act, current_session
from bot.web.staff.design.badges import badge
from bot.web.staff.design.buttons import button
from bot.web.staff.design.panels import facts, panel
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tables import cell, row, table
from bot.web.staff.design.tags import tag
from bot.web.staff.page import staff_page
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from bot.web.staff.words import ROLE_NAMES, languages_in_words, skills_in_words
from respite.staff import second_factor, sessions
from respite.staff.accounts import actor_of
from respite.staff.second_factor import RECOVERY_CODES
from respite.store.models import StaffMember, StaffSession


@staff_page("/account", "My account")
async def account() -> None:
    member = (await current_session()).member
    with ui.element("div").classes("narrow"):
        _who(member)
        with panel(say("How you sign in"), say("Your other browsers are signed out after each change.")):
            await _ways_in(member)
        with panel(say("Where you are signed in"), say("End what you do not know, and change your password.")):
            await _places(member)


def _who(member: StaffMember) -> None:
    with panel(say("You"), say("An admin can change this.")):
        facts(
            {
                say("Sign-in name"): member.login,
                say("Role"): say(ROLE_NAMES[member.role]),
                say("Name that borrowers read"): member.name,
                say("Languages"): languages_in_words(member.languages),
                say("Skills"): skills_in_words(member.skills),
                say("Conversations at once"): str(member.capacity),
            }
        )


async def _ways_in(member: StaffMember) -> None:
    if member.oidc_subject:
        tag("p", say("You sign in with your work account. Password and authenticator are looked after there."))
        return

    async def read() -> int:
        return await from_store(lambda session: second_factor.recovery_codes_left(session, member))

    def draw(left: int) -> None:
        words = say("%(left)s of %(all)s recovery codes left", left=left, all=RECOVERY_CODES)
        badge(words, "neutral" if left > 2 else "warm")

    with ui.element("div").classes("line"):
        button(say("Change password"), change_password, symbol="key")
        button(say("Change authenticator"), change_authenticator, symbol="phone")
        codes = Region(read, draw)
        button(say("New recovery codes"), renew_recovery_codes(codes.refresh), symbol="refresh")
    await codes.refresh()


async def _places(member: StaffMember) -> None:
    async def read() -> Sequence[StaffSession]:
        now, lifetime = console().clock.now(), console().lifetime
        return await from_store(lambda session: sessions.of_member(session, member, lifetime, now))

    def draw(places: Sequence[StaffSession]) -> None:
        headings = [say("Browser"), say("Address"), say("Since"), say("Last seen"), ""]
        with table(say("Where you are signed in"), headings):
            for place in places:
                since, seen = formats.moment(place.created_at), formats.ago(place.last_seen_at)
                with row(place.browser, place.address or "–", since, seen), cell().classes("tools-cell"):
                    if place.id == visit().session_id:
                        badge(say("This browser"), "good")
                    else:
                        button(say("End"), _ending(place, region.refresh), kind="quiet")
        if len(places) > 1:
            button(say("End all others"), _ending_others(region.refresh), kind="danger")

    region = Region(read, draw)
    await region.refresh()


def _ending(place: StaffSession, done: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    @act()
    async def end(member: StaffMember) -> None:
        now = console().clock.now()

        def end_it(session: Session) -> None:
            sessions.end(session, session.get_one(StaffSession, place.id), actor_of(member), now)

        await in_store(end_it)
        await done()

    return end


def _ending_others(done: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    @act()
    async def end(member: StaffMember) -> None:
        now, here = console().clock.now(), visit().session_id
        await in_store(lambda session: sessions.end_all(session, member, actor_of(member), now, but=here))
        await done()

    return end

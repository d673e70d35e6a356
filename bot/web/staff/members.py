"""The dialogs in which admins add members, change them, let them in and keep them out."""

from collections.abc import Awaitable, Callable
from typing import cast

from nicegui import ui
from nicegui.elements.dialog import Dialog
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import PATH, console
from bot.web.staff.current import act
from bot.web.staff.design.buttons import button
from bot.web.staff.design.dialogs import actions, dialog
from bot.web.staff.design.fields import choice_field, complaint, number_field, text_field
from bot.web.staff.design.tags import tag
from bot.web.staff.texts import say
from bot.web.staff.words import LANGUAGE_NAMES, ROLE_NAMES, skill_in_words
from respite.policies.load import policy
from respite.staff import accounts, invitations, sessions
from respite.staff.accounts import LARGEST_CAPACITY, AccountError, Profile, actor_of
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember

Handler = Callable[[], Awaitable[None]]
NEWCOMER = Profile("", StaffRole.AGENT)


def adding(done: Handler) -> Handler:
    """A handler that asks for a new member, and shows the link that invites them."""

    @act(StaffRole.ADMIN)
    async def ask(_: StaffMember) -> None:
        with dialog(say("Add a member")) as shown:
            login = text_field(say("Sign-in name"), hint=say("Their e-mail address or another name at work."))
            read = _profile_fields(NEWCOMER)
            wrong = complaint()

            @act(StaffRole.ADMIN)
            async def add(admin: StaffMember) -> None:
                now, profile, name = console().clock.now(), read(), login.value

                def write(session: Session) -> tuple[StaffMember, str]:
                    member = accounts.add(session, name, profile, actor_of(admin), now)
                    return member, invitations.invite(session, member, actor_of(admin), now)

                try:
                    member, token = await in_store(write)
                except AccountError as error:
                    wrong.set_text(say(str(error)))
                    return
                await _show_link(member, token, shown, done)

            with actions():
                button(say("Cancel"), shown.close)
                button(say("Add and invite"), add, kind="primary")
        shown.open()

    return ask


def changing(staff_id: int, done: Handler) -> Handler:
    """A handler that shows a member, to be changed, reset, signed out or deactivated."""

    @act(StaffRole.ADMIN)
    async def ask(admin: StaffMember) -> None:
        member, open_sessions = await from_store(lambda session: _member_and_sessions(session, staff_id))
        with dialog(member.name, member.login) as shown:
            read = _profile_fields(accounts.profile_of(member))
            wrong = complaint()

            async def write(change: Callable[[Session, StaffMember], object]) -> bool:
                """Make a change in one transaction; False, with a word about it, where it may not be made."""
                try:
                    await in_store(lambda session: change(session, session.get_one(StaffMember, staff_id)))
                except AccountError as error:
                    wrong.set_text(say(str(error)))
                    return False
                await done()
                return True

            @act(StaffRole.ADMIN)
            async def save(admin: StaffMember) -> None:
                profile, now = read(), console().clock.now()
                if await write(lambda session, member: accounts.change(session, member, profile, actor_of(admin), now)):
                    shown.close()

            @act(StaffRole.ADMIN)
            async def reset(admin: StaffMember) -> None:
                tokens: list[str] = []
                now = console().clock.now()
                if await write(
                    lambda session, member: tokens.append(invitations.invite(session, member, actor_of(admin), now))
                ):
                    await _show_link(member, tokens[0], shown, done)

            @act(StaffRole.ADMIN)
            async def sign_out(admin: StaffMember) -> None:
                now = console().clock.now()
                if await write(lambda session, member: sessions.end_all(session, member, actor_of(admin), now)):
                    ui.notify(say("%(name)s is signed out everywhere.", name=member.name), type="positive")

            @act(StaffRole.ADMIN)
            async def switch(admin: StaffMember) -> None:
                switching = accounts.activate if member.deactivated_at else accounts.deactivate
                now = console().clock.now()
                if await write(lambda session, member: switching(session, member, actor_of(admin), now)):
                    shown.close()

            with ui.element("div").classes("line access"):
                if not member.oidc_subject:
                    words = say("Reset sign-in") if member.password_hash else say("New invitation")
                    button(words, reset, symbol="key")
                if open_sessions:
                    button(say("Sign out everywhere (%(count)s)", count=open_sessions), sign_out, symbol="leave")
                if member.id != admin.id:
                    words = say("Activate") if member.deactivated_at else say("Deactivate")
                    button(words, switch, kind="plain" if member.deactivated_at else "danger")
            with actions():
                button(say("Cancel"), shown.close)
                button(say("Save"), save, kind="primary")
        shown.open()

    return ask


def _member_and_sessions(session: Session, staff_id: int) -> tuple[StaffMember, int]:
    member = session.get_one(StaffMember, staff_id)
    return member, len(sessions.of_member(session, member, console().lifetime, console().clock.now()))


def _profile_fields(profile: Profile) -> Callable[[], Profile]:
    """The fields of a profile; what is returned reads them."""
    with ui.element("div").classes("form-pair"):
        name = text_field(say("Name that borrowers read"), profile.name)
        role = choice_field(say("Role"), {key: say(words) for key, words in ROLE_NAMES.items()}, profile.role.value)
    languages = choice_field(
        say("Languages"),
        {key: say(words) for key, words in LANGUAGE_NAMES.items()},
        list(profile.languages),
        several=True,
    )
    known = dict.fromkeys((*policy().support.skills, *profile.skills))
    skills = choice_field(
        say("Skills"),
        {skill: skill_in_words(skill) for skill in known},
        list(profile.skills),
        several=True,
        hint=say("Requests that need one come to members who have it."),
    )
    capacity = number_field(say("Conversations at once"), profile.capacity, least=1, most=LARGEST_CAPACITY)

    def read() -> Profile:
        return Profile(
            name.value,
            StaffRole(cast(str, role.value)),
            tuple(languages.value),
            tuple(skills.value),
            int(capacity.value or 0),
        )

    return read


async def _show_link(member: StaffMember, token: str, instead_of: Dialog, done: Handler) -> None:
    address = f"{console().settings.public_url.rstrip('/')}{PATH}/invitation/{token}"
    until = formats.moment(console().clock.now() + invitations.VALID_FOR)
    note = say("Give it to nobody else. It works once, until %(until)s.", until=until)
    with dialog(say("A link for %(name)s", name=member.name), note) as shown:
        tag("p", address, "code")
        with actions():
            button(say("Copy"), lambda: ui.clipboard.write(address))
            button(say("Done"), shown.close, kind="primary")
    shown.open()
    await done()
    instead_of.close()

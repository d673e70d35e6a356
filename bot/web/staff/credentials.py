"""The dialogs in which members change what they sign in with. Each asks for the present password first."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import anyio.to_thread
from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import in_store
from bot.web.staff.confirming import objection_to
from bot.web.staff.console import console, lender_name
from bot.web.staff.current import act
from bot.web.staff.design.buttons import button
from bot.web.staff.design.dialogs import actions, dialog
from bot.web.staff.design.fields import complaint, text_field
from bot.web.staff.design.tags import tag
from bot.web.staff.doors import HASHED_AT_ONCE, picture_of
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.staff import own_account, second_factor
from respite.staff.passwords import WeakPasswordError, hash_password, require_strong
from respite.store.models import StaffMember, StaffSession

T = TypeVar("T")


@act()
async def change_password(_: StaffMember) -> None:
    """Ask for a new password."""
    with dialog(say("Change password")) as shown:
        present = text_field(say("Present password"), secret=True, autocomplete="current-password")
        new = text_field(
            say("New password"), secret=True, autocomplete="new-password", hint=say("12 characters or more")
        )
        wrong = complaint()

        @act()
        async def change(member: StaffMember) -> None:
            try:
                require_strong(new.value, member.login, member.name)
            except WeakPasswordError as error:
                wrong.set_text(say(str(error)))
                return
            if objection := await objection_to(member, present.value):
                wrong.set_text(objection)
                return
            hashed = await anyio.to_thread.run_sync(hash_password, new.value, limiter=HASHED_AT_ONCE)
            await _keep(lambda session, here, now: own_account.change_password(session, here, hashed, now))
            ui.notify(say("Your password is changed."), type="positive")
            shown.close()

        _buttons(shown.close, say("Change password"), change)
    shown.open()


@act()
async def change_authenticator(member: StaffMember) -> None:
    """Show the picture of a new authenticator, and ask for its code."""
    secret = second_factor.new_secret()
    address = second_factor.address_of(secret, member.login, lender_name(visit().language))
    with dialog(say("Change authenticator"), say("Scan the picture with the new app. The earlier one stops.")) as shown:
        ui.html(picture_of(address), sanitize=False).classes("qr")
        tag("p", secret, "code muted")
        present = text_field(say("Present password"), secret=True, autocomplete="current-password")
        code = text_field(say("Code that the app shows now"), autocomplete="one-time-code")
        wrong = complaint()

        @act()
        async def change(member: StaffMember) -> None:
            if objection := await objection_to(member, present.value):
                wrong.set_text(objection)
                return
            changed = await _keep(
                lambda session, here, now: own_account.change_authenticator(session, here, secret, code.value, now)
            )
            if not changed:
                wrong.set_text(say("This is not what your authenticator shows now. Type the next code."))
                return
            ui.notify(say("Your authenticator is changed."), type="positive")
            shown.close()

        _buttons(shown.close, say("Change authenticator"), change)
    shown.open()


def renew_recovery_codes(done: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Make new recovery codes and show them once."""

    @act()
    async def ask(_: StaffMember) -> None:
        with dialog(say("New recovery codes"), say("The earlier ones do not work any more.")) as shown:
            present = text_field(say("Present password"), secret=True, autocomplete="current-password")
            wrong = complaint()

            @act()
            async def renew(member: StaffMember) -> None:
                if objection := await objection_to(member, present.value):
                    wrong.set_text(objection)
                    return
                codes = await _keep(own_account.renew_recovery_codes)
                _show(codes)
                await done()
                shown.close()

            _buttons(shown.close, say("Make new codes"), renew)
        shown.open()

    return ask


def _show(codes: Sequence[str]) -> None:
    note = say("Each of them signs you in once when your authenticator is not at hand. They are shown only now.")
    with dialog(say("Your recovery codes"), note) as shown:
        with ui.element("ul").classes("codes"):
            for code in codes:
                tag("li", code)
        with actions():
            button(say("I have kept them"), shown.close, kind="primary")
    shown.open()


async def _keep(change: Callable[[Session, StaffSession, datetime], T]) -> T:
    """Make a change in the session of this page."""
    here, now = visit().session_id, console().clock.now()
    return await in_store(lambda session: change(session, session.get_one(StaffSession, here), now))


def _buttons(close: Callable[[], object], words: str, do: Callable[[], Awaitable[None]]) -> None:
    with actions():
        button(say("Cancel"), close)
        button(words, do, kind="primary")

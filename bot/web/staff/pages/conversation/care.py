"""The dialog in which a member flags a borrower to be treated with particular care, or ends a flag."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design.buttons import button
from bot.web.staff.design.dialogs import actions, dialog
from bot.web.staff.design.fields import choice_field, long_text_field
from bot.web.staff.design.tags import tag
from bot.web.staff.names import VULNERABILITIES
from bot.web.staff.texts import say
from respite.policies.load import policy
from respite.staff.accounts import actor_of
from respite.store.announcements import announce
from respite.store.models import Conversation, StaffMember, VulnerabilityFlag
from respite.support.vulnerability import Vulnerability, flags_of, lift_flag, raise_flag


async def ask_about_care(conversation_id: str, borrower_id: int) -> None:
    """Flag a borrower, or say that a reason is over."""
    now = console().clock.now()
    held = await from_store(lambda session: flags_of(session, borrower_id, now))
    days = policy().support.vulnerability_days
    note = say("Staff see it for %(days)s days. It changes how we speak, never what somebody pays.", days=days)
    with dialog(say("Handle with care"), note) as shown:
        for flag in held:
            _draw(flag, _lifting(conversation_id, flag.id, shown.close))
        reasons = {reason.value: say(VULNERABILITIES[reason]) for reason in Vulnerability}
        reason = choice_field(say("Reason"), reasons, next(iter(reasons)))
        detail = long_text_field(say("What helps them"), hint=say("In a few words that a colleague can act on."))

        @act()
        async def keep(by: StaffMember) -> None:
            now = console().clock.now()

            def flag_them(session: Session) -> None:
                chosen = Vulnerability(reason.value)
                raise_flag(
                    session, borrower_id, chosen, detail=detail.value, actor=actor_of(by), policy=policy(), now=now
                )
                announce(session, session.get_one(Conversation, conversation_id))

            await in_store(flag_them)
            shown.close()

        with actions():
            button(say("Cancel"), shown.close)
            button(say("Keep this flag"), keep, kind="primary")
    shown.open()


def _draw(flag: VulnerabilityFlag, lift: Callable[[], Awaitable[None]]) -> None:
    with ui.element("div").classes("line spread"):
        until = say("until %(day)s", day=formats.day_of(flag.expires_at))
        tag("span", f"{say(VULNERABILITIES[flag.reason])}, {until}")
        button(say("End it"), lift, kind="quiet")


def _lifting(conversation_id: str, flag_id: int, done: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    @act()
    async def lift(by: StaffMember) -> None:
        now = console().clock.now()

        def lift_it(session: Session) -> None:
            lift_flag(session, flag_id, by, now)
            announce(session, session.get_one(Conversation, conversation_id))

        await in_store(lift_it)
        done()

    return lift

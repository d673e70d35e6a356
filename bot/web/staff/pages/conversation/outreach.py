"""The dialog in which a member has a borrower left in peace, or ends that."""

from collections.abc import Awaitable, Callable

from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design.buttons import button
from bot.web.staff.design.dialogs import actions, dialog
from bot.web.staff.design.panels import facts
from bot.web.staff.names import PAUSES
from bot.web.staff.texts import say
from respite.contact.pauses import pause_outreach, pauses_of, resume_outreach
from respite.staff.accounts import actor_of
from respite.store.announcements import announce
from respite.store.models import Conversation, StaffMember

GIVEN_BY_STAFF = ("hardship", "distress")
"""The other reasons come and go with what the borrower says, and with their disputes and complaints."""


async def ask_about_outreach(conversation_id: str, borrower_id: int) -> None:
    """Pause outreach for a reason that a member sees, or end such a pause."""
    pauses = await from_store(lambda session: pauses_of(session, borrower_id))
    note = say("While outreach is paused, nobody reminds this borrower. Here you can go on talking.")
    with dialog(say("Leave in peace"), note) as shown:
        since = say("Since")
        facts({say(PAUSES.get(each.reason, each.reason)): f"{since} {formats.day_of(each.since)}" for each in pauses})
        with actions():
            button(say("Cancel"), shown.close)
            for reason in GIVEN_BY_STAFF:
                is_paused = reason in [pause.reason for pause in pauses]
                change = _changing(conversation_id, borrower_id, reason, is_paused, shown.close)
                named = say(PAUSES[reason])
                words = say("End: %(reason)s", reason=named) if is_paused else say("Pause: %(reason)s", reason=named)
                button(words, change)
    shown.open()


def _changing(
    conversation_id: str, borrower_id: int, reason: str, is_paused: bool, done: Callable[[], object]
) -> Callable[[], Awaitable[None]]:
    @act()
    async def change(by: StaffMember) -> None:
        now = console().clock.now()

        def change_it(session: Session) -> None:
            if is_paused:
                resume_outreach(session, borrower_id, reason, actor=actor_of(by), now=now)
            else:
                pause_outreach(session, borrower_id, reason, now, actor=actor_of(by))
            announce(session, session.get_one(Conversation, conversation_id))

        await in_store(change_it)
        done()

    return change

"""What was not answered or did not surely arrive, of all conversations, and settling it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design import states
from bot.web.staff.design.buttons import button, link
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tables import cell, row, table
from bot.web.staff.design.tags import tag
from bot.web.staff.names import CHANNELS, TROUBLES
from bot.web.staff.page import staff_page
from bot.web.staff.pages.queue.following import follow_board
from bot.web.staff.pages.queue.views import href
from bot.web.staff.pages.styles import use_styles
from bot.web.staff.refusals import told
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from respite.staff.accounts import actor_of
from respite.staff.roles import StaffRole
from respite.store.models import Conversation, StaffMember
from respite.support.deliveries import Trouble, answer_again, reconcile, troubles

MOST_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A message to settle, and whose conversation it is."""

    trouble: Trouble
    borrower: str


@staff_page("/deliveries", "Deliveries", StaffRole.SUPERVISOR, Place("warning", "d", 35))
async def deliveries() -> None:
    use_styles()

    async def read() -> Sequence[Line]:
        return await from_store(_lines)

    def draw(lines: Sequence[Line]) -> None:
        if not lines:
            hint = say("What a borrower was not told, or may not have been told, appears here by itself.")
            states.empty(say("Every message was answered and arrived"), hint, "check")
            return
        with table(say("Deliveries"), [say("At"), say("Borrower"), say("What happened"), say("Why"), ""]):
            for line in lines[:MOST_SHOWN]:
                _draw(line, region.refresh)
        if len(lines) > MOST_SHOWN:
            tag("p", say("%(count)s more wait behind these.", count=len(lines) - MOST_SHOWN), "muted")

    with ui.element("div").classes("wide"), ui.element("section").classes("panel"):
        region = Region(read, draw)
    await region.refresh()
    follow_board(region.refresh)


def _lines(session: Session) -> Sequence[Line]:
    found = []
    for trouble in troubles(session):
        borrower = session.get_one(Conversation, trouble.conversation_id).borrower
        found.append(Line(trouble, borrower.name if borrower else ""))
    return found


def _draw(line: Line, then: Callable[[], Awaitable[None]]) -> None:
    trouble = line.trouble
    with row(formats.moment(trouble.at)):
        with cell(), ui.element("div").classes("two-lines"):
            tag("span", line.borrower or say("Not signed in"))
            tag("span", say(CHANNELS.get(trouble.channel, trouble.channel)))
        tag("td", say(TROUBLES[trouble.state]))
        tag("td", trouble.error)
        with cell().classes("tools-cell"):
            link(say("Conversation"), href(trouble.conversation_id), kind="quiet", symbol="chat")
            if trouble.state == "dead":
                button(say("Answer now"), _settling(answer_again, trouble, then))
            if trouble.state == "unknown":
                button(say("It arrived"), _settling(partial(reconcile, arrived=True), trouble, then))
            if trouble.direction == "out":
                button(say("Send again"), _settling(partial(reconcile, arrived=False), trouble, then))


def _settling(
    settle: Callable[..., None], trouble: Trouble, then: Callable[[], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    @act(StaffRole.SUPERVISOR)
    async def do(by: StaffMember) -> None:
        now = console().clock.now()
        with told():
            await in_store(lambda session: settle(session, trouble.id, actor=actor_of(by), now=now))
        await then()

    return do

"""What was not answered or did not surely arrive, of all conversations, and settling it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

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
from bot.web.staff.words import cause_in_words
from respite.staff.accounts import actor_of
from respite.staff.roles import StaffRole
from respite.store.models import Conversation, StaffMember
from respite.support.conversations import BOT
from respite.support.deliveries import Trouble, answer_again, dismiss, reconcile, troubles

MOST_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A message to settle, and whose conversation it is."""

    trouble: Trouble
    borrower: str
    is_the_bots: bool
    """Whether the bot has the conversation; staff who have it answer what was given up themselves."""


@dataclass(frozen=True)
class Shown:
    """The messages that have waited longest to be settled, and how many more there are."""

    lines: tuple[Line, ...]
    more: int


@staff_page("/deliveries", "Deliveries", StaffRole.SUPERVISOR, Place("warning", "d", 35))
async def deliveries() -> None:
    use_styles()

    async def read() -> Shown:
        return await from_store(_read)

    def draw(shown: Shown) -> None:
        if not shown.lines:
            hint = say("What a borrower was not told, or may not have been told, appears here by itself.")
            states.empty(say("Nothing is left to settle"), hint, "check")
            return
        with table(say("Deliveries"), [say("At"), say("Borrower"), say("What happened"), say("Cause"), ""]):
            for line in shown.lines:
                _draw(line, region.refresh)
        if shown.more:
            tag("p", say("%(count)s more wait behind these.", count=shown.more), "muted")

    with ui.element("div").classes("wide"), ui.element("section").classes("panel"):
        region = Region(read, draw)
    await region.refresh()
    follow_board(region.refresh)


def _read(session: Session) -> Shown:
    found = troubles(session)
    shown = found[:MOST_SHOWN]
    query = select(Conversation).where(Conversation.id.in_({trouble.conversation_id for trouble in shown}))
    conversations = {each.id: each for each in session.scalars(query.options(joinedload(Conversation.borrower)))}
    lines = tuple(_line(trouble, conversations[trouble.conversation_id]) for trouble in shown)
    return Shown(lines, more=len(found) - len(lines))


def _line(trouble: Trouble, conversation: Conversation) -> Line:
    borrower = conversation.borrower
    return Line(trouble, borrower.name if borrower else "", is_the_bots=conversation.owner == BOT)


def _draw(line: Line, then: Callable[[], Awaitable[None]]) -> None:
    trouble = line.trouble
    with row(formats.moment(trouble.at)):
        with cell(), ui.element("div").classes("two-lines"):
            tag("span", line.borrower or say("Not signed in"))
            tag("span", say(CHANNELS.get(trouble.channel, trouble.channel)))
        tag("td", say(TROUBLES[trouble.state]))
        tag("td", cause_in_words(trouble.error))
        with cell().classes("tools-cell"):
            link(say("Conversation"), href(trouble.conversation_id), kind="quiet", symbol="chat")
            if trouble.state == "dead" and line.is_the_bots:
                button(say("Answer now"), _settling(answer_again, trouble, then))
            if trouble.state == "unknown":
                button(say("It arrived"), _settling(partial(reconcile, arrived=True), trouble, then))
            if trouble.direction == "out":
                button(say("Send again"), _settling(partial(reconcile, arrived=False), trouble, then))
            button(say("Seen to"), _settling(partial(dismiss, direction=trouble.direction), trouble, then))


def _settling(
    settle: Callable[..., str | None], trouble: Trouble, then: Callable[[], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    @act(StaffRole.SUPERVISOR)
    async def do(by: StaffMember) -> None:
        now = console().clock.now()
        with told():
            became = await in_store(lambda session: settle(session, trouble.id, actor=actor_of(by), now=now))
            if became == "withheld":
                ui.notify(say("Not sent any more: the conversation has changed hands or ended since."), type="warning")
        await then()

    return do

"""The page of the queue: claim what waits, see who is at work, and say whether one takes conversations."""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import GenericEventArguments
from sqlalchemy.orm import Session

from bot.transactions import in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.current import current_staff, perform
from bot.web.staff.design import states
from bot.web.staff.design.regions import Region
from bot.web.staff.page import staff_page
from bot.web.staff.pages.queue.at_work import AtWork, TakingSwitch
from bot.web.staff.pages.queue.board import board
from bot.web.staff.pages.queue.following import follow_board
from bot.web.staff.pages.queue.own import OwnConversations
from bot.web.staff.pages.queue.table import QueueTable
from bot.web.staff.pages.queue.views import View
from bot.web.staff.pages.styles import use_styles
from bot.web.staff.refusals import told
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from respite.policies.load import policy
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from respite.support import takeover


@staff_page("/queue", "Queue", place=Place("inbox", "q", 10))
async def queue() -> None:
    member = await current_staff()
    use_styles()
    with ui.element("div").classes("with-aside"):
        with ui.element("div").classes("queue-side"):
            freshness = Region(_since_when, _draw_stale)
            table = QueueTable(member)
        with ui.element("aside").classes("aside"):
            switch = TakingSwitch()
            own = OwnConversations()
            at_work = AtWork()
    table.on("claim", lambda event: perform(lambda by: _claim(table, event, by)))
    table.on("stepIn", lambda event: perform(lambda by: _step_in(table, event, by), StaffRole.SUPERVISOR))
    table.on("choose", lambda event: table.choose(View(event.args)))

    async def refresh() -> None:
        table.refresh()
        own.refresh()
        switch.refresh()
        at_work.refresh()
        await freshness.refresh()

    await refresh()
    follow_board(refresh)


async def _claim(table: QueueTable, event: GenericEventArguments, by: StaffMember) -> None:
    now = console().clock.now()
    await _take(table, event.args, lambda session: takeover.claim(session, event.args, by, now))


async def _step_in(table: QueueTable, event: GenericEventArguments, by: StaffMember) -> None:
    now = console().clock.now()
    await _take(table, event.args, lambda session: takeover.step_in(session, event.args, by, policy(), now))


async def _take(table: QueueTable, conversation_id: str, take: Callable[[Session], object]) -> None:
    """Take a conversation and open it; whoever is too late is told who has it."""
    with told() as outcome:
        await in_store(take)
    if outcome.is_refused:
        table.release()
    else:
        ui.navigate.to(f"/conversations/{conversation_id}")


async def _since_when() -> str:
    """Since when the queue is out of date; nothing while it is not."""
    read_at = board().read_at
    return formats.moment(read_at) if board().is_stale and read_at else ""


def _draw_stale(since: str) -> None:
    if since:
        states.stale(say("As of %(time)s. The queue cannot be read just now; it comes back by itself.", time=since))

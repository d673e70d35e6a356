"""One conversation that is open on one page: kept as the store has it, from the first look to the last."""

import asyncio

import structlog
from nicegui import background_tasks, ui
from tenacity import RetryCallState, retry, wait_exponential

from bot.hub import Hub
from bot.transactions import from_store
from bot.web.staff.console import console
from bot.web.staff.design.regions import Region
from bot.web.staff.pages.conversation.composer import Composer
from bot.web.staff.pages.conversation.file.panel import FilePanel
from bot.web.staff.pages.conversation.glimpse import LONGEST_HISTORY, Glimpse, Heading, glimpse
from bot.web.staff.pages.conversation.loan_watch import loan_watch
from bot.web.staff.pages.conversation.thread import Thread
from bot.web.staff.visits import visit_of
from respite.store.models import StaffMember

SECONDS_TO_GATHER = 0.15
SECONDS_BETWEEN_LOOKS = 60
"""How often the file is read from the book of record although nothing was heard of a change."""

log = structlog.get_logger()


class LiveConversation:
    """Follows a conversation, and shows what is new on the parts of its page."""

    def __init__(self, conversation_id: str, member: StaffMember, first: Glimpse) -> None:
        self.conversation_id = conversation_id
        self.heading: Heading = first.heading
        self.hub: Hub = console().host.state.hub
        self._member = member
        self._client = ui.context.client
        self._cursor = 0
        self._unsettled: list[int] = []
        self._file_is_due = asyncio.Event()

    def show_on(self, thread: Thread, composer: Composer, header: Region[Heading], file: FilePanel) -> None:
        """Keep these parts of the page fresh, until it is closed or its session ends."""
        self._thread, self._composer, self._header, self._file = thread, composer, header, file
        for work in (self._follow(), self._follow_file()):
            task = background_tasks.create(work, name="follow a conversation")
            self._client.on_delete(task.cancel)

    async def catch_up(self, after: int) -> None:
        """Send the page everything above its own cursor: it has been away."""
        await self._show(self._from(after), is_synced=True)

    async def read_heading(self) -> Heading:
        return self.heading

    async def _follow(self) -> None:
        with self.hub.bell.listening(self.conversation_id) as rung:
            while visit_of(self._client):
                rung.clear()
                with self._client:
                    await self._show_news()
                self._file_is_due.set()
                await rung.wait()

    @retry(wait=wait_exponential(multiplier=0.2, max=5), before_sleep=lambda state: _log(state))
    async def _show_news(self) -> None:
        await self._show(self._from(self._cursor), is_synced=False)

    def _from(self, cursor: int) -> int:
        """From where on to read, so that messages whose outcome was open are among what is found."""
        return min([cursor, *(message - 1 for message in self._unsettled)])

    async def _show(self, after: int, is_synced: bool) -> None:
        now = console().clock.now()
        found = await from_store(lambda session: glimpse(session, self.conversation_id, self._member, after, now))
        self.heading = found.heading
        if self._client.has_socket_connection:
            self._thread.show(
                found,
                is_writing=self.hub.typing.is_writing(self.conversation_id, "borrower"),
                is_synced=is_synced,
                has_older=after == 0 and len(found.entries) == LONGEST_HISTORY,
            )
            self._cursor = max([self._cursor, *(entry.id for entry in found.entries)])
            self._unsettled = found.unsettled
        self._composer.show(found.heading)
        await self._header.refresh()

    async def _follow_file(self) -> None:
        while visit_of(self._client):
            borrower_id = self.heading.borrower_id
            with loan_watch().watching(borrower_id, self._file_is_due):
                while visit_of(self._client) and self.heading.borrower_id == borrower_id:
                    await self._keep_file()

    async def _keep_file(self) -> None:
        self._file_is_due.clear()
        with self._client:
            await self._file.refresh()
        try:
            async with asyncio.timeout(SECONDS_BETWEEN_LOOKS):
                await self._file_is_due.wait()
        except TimeoutError:
            self._file.doubt()
        await asyncio.sleep(SECONDS_TO_GATHER)


def _log(state: RetryCallState) -> None:
    assert state.outcome is not None
    log.warning("an open conversation was not read", reason=type(state.outcome.exception()).__name__)

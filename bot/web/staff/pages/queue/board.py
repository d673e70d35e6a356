"""The open requests of all conversations, kept in memory once a process and read anew where something has changed."""

import asyncio
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from nicegui import app
from tenacity import RetryCallState, retry, wait_exponential

from bot.transactions import from_store
from bot.web.staff.console import console
from respite.support.open_requests import OpenRequest, open_requests
from respite.support.presence import Colleague, colleagues

BREATH_SECONDS = 0.25
"""For how long changes are gathered before the pages are told of them."""

SECONDS_BETWEEN_LOOKS = 10
"""How often it is looked which call has become due."""

WHOLLY_EVERY = timedelta(seconds=15)
"""How often everything is read, and who is at work: with SQLite another program is not heard."""

log = structlog.get_logger()

Reading = tuple[Sequence[OpenRequest], Sequence[Colleague]]
T = TypeVar("T")


class Board:
    """What waits and what is taken, for every page of this process.

    `requests` are in the order in which they are due. It `is_stale` while the store cannot be read; `read_at` is when
    it last was, None until then.
    """

    def __init__(self) -> None:
        self.requests: Sequence[OpenRequest] = ()
        self.colleagues: Sequence[Colleague] = ()
        self.read_at: datetime | None = None
        self.is_stale = False
        self._read_wholly_at: datetime | None = None
        self._heard: set[str] = set()
        self._people_changed = True
        self._rung = asyncio.Event()
        self._watching: set[asyncio.Event] = set()
        self._seen: dict[Hashable, Any] = {}

    def view(self, key: Hashable, look: Callable[[], T]) -> T:
        """What `look` makes of the board: made once for all pages that have the same `key`, until it changes."""
        if key not in self._seen:
            self._seen[key] = look()
        found: T = self._seen[key]
        return found

    def of(self, staff_id: int) -> Sequence[OpenRequest]:
        """The conversations that a member of staff has."""
        return self.view("by owner", lambda: _by_owner(self.requests)).get(staff_id, ())

    def colleague(self, staff_id: int) -> Colleague | None:
        """A member of staff as the others see them."""
        return self.view("by id", lambda: {each.member.id: each for each in self.colleagues}).get(staff_id)

    @contextmanager
    def watching(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever the board has changed."""
        changed = asyncio.Event()
        self._watching.add(changed)
        try:
            yield changed
        finally:
            self._watching.discard(changed)

    def look_again(self) -> None:
        """Read who is at work at once."""
        self._people_changed = True
        self._rung.set()

    def read_wholly(self) -> None:
        """Read everything the next time."""
        self._read_wholly_at = None

    async def keep(self) -> None:
        """Keep it as the store has it, for as long as the process lives."""
        with console().host.state.hub.bell.overhearing(self._hear):
            while True:
                self._rung.clear()
                await self._read()
                await asyncio.sleep(BREATH_SECONDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(SECONDS_BETWEEN_LOOKS):
                        await self._rung.wait()

    def _hear(self, conversation_id: str | None) -> None:
        if conversation_id is None:
            self.read_wholly()
        else:
            self._heard.add(conversation_id)
        self._rung.set()

    @retry(wait=wait_exponential(multiplier=0.2, max=5), before_sleep=lambda state: _go_stale(state))
    async def _read(self) -> None:
        now = console().clock.now()
        is_whole = self._read_wholly_at is None or now - self._read_wholly_at > WHOLLY_EVERY
        heard, self._heard = self._heard, set()  # what is heard from here on is read the next time
        people_changed, self._people_changed = self._people_changed, False
        self._read_wholly_at = now if is_whole else self._read_wholly_at
        found = await from_store(lambda session: open_requests(session, now, None if is_whole else heard))
        if is_whole or people_changed:
            self.colleagues = await from_store(lambda session: colleagues(session, now))
        untouched = () if is_whole else (each for each in self.requests if each.conversation_id not in heard)
        self.requests = sorted((*untouched, *found), key=lambda request: (request.due_at, request.reference))
        self.read_at, self.is_stale = now, False
        self.tell()

    def tell(self) -> None:
        self._seen.clear()
        for changed in self._watching:
            changed.set()


def _go_stale(state: RetryCallState) -> None:
    assert state.outcome is not None
    log.warning("the queue could not be read", reason=type(state.outcome.exception()).__name__)
    board: Board = state.args[0]
    board.is_stale = True
    board.read_wholly()
    board.tell()


def _by_owner(requests: Sequence[OpenRequest]) -> dict[int, list[OpenRequest]]:
    found: dict[int, list[OpenRequest]] = {}
    for request in requests:
        if request.staff_id is not None:
            found.setdefault(request.staff_id, []).append(request)
    return found


def board() -> Board:
    """The board of this process."""
    found: Board = app.state.board
    return found


async def _keep_board() -> None:
    app.state.board = Board()
    await board().keep()


app.on_startup(_keep_board)

"""Who is at work: whoever has a page of the console open, until the last one is closed."""

import asyncio

import structlog
from nicegui import Client, app
from sqlalchemy.orm import Session

from bot.transactions import in_store
from bot.web.staff.console import console
from bot.web.staff.pages.queue.board import board
from bot.web.staff.visits import visit_of
from respite.store.models import StaffMember
from respite.support import presence

SECONDS_BETWEEN_ROUNDS = 20

log = structlog.get_logger()


class Attendance:
    """The members with a page open in this process, noted in rounds. Whoever is missing in two of them has left."""

    def __init__(self) -> None:
        self._noted: set[int] = set()
        self._missing: set[int] = set()

    async def go_round(self) -> None:
        here = _with_a_page_open()
        gone = self._missing - here
        self._missing = (self._noted | self._missing) - here - gone
        self._noted = set(here)
        now = console().clock.now()

        def note(session: Session) -> None:
            presence.still_present(session, here, now)
            for staff_id in gone:
                presence.leave(session, session.get_one(StaffMember, staff_id), now)

        if here or gone:
            await in_store(note)
            board().look_again()

    async def welcome(self, client: Client) -> None:
        """Note at once that somebody has come."""
        visit = visit_of(client)
        if visit is None or visit.staff_id in self._noted:
            return
        self._noted.add(visit.staff_id)
        staff_id, now = visit.staff_id, console().clock.now()
        await in_store(lambda session: presence.stay_present(session, session.get_one(StaffMember, staff_id), now))
        board().look_again()


def _with_a_page_open() -> frozenset[int]:
    connected = [client for client in Client.instances.values() if client.has_socket_connection]
    return frozenset(visit.staff_id for client in connected if (visit := visit_of(client)))


async def _keep_noting() -> None:
    app.state.attendance = attendance = Attendance()
    while True:
        try:
            await attendance.go_round()
        except Exception:
            log.exception("who is at work was not noted")
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)


async def _welcome(client: Client) -> None:
    await app.state.attendance.welcome(client)


app.on_startup(_keep_noting)
app.on_connect(_welcome)

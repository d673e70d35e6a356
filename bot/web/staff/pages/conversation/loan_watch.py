"""Noticing within a second that something about a borrower's loans has changed, whoever wrote it.

A payment comes from an import, a program of the lender's own or another process, none of which rings a bell. One query
a second asks for all borrowers whose files are open in this process.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import structlog
from nicegui import app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.transactions import from_store
from respite.store.models import Loan

SECONDS_BETWEEN_LOOKS = 0.7

log = structlog.get_logger()


class LoanWatch:
    """The borrowers whose files are open, and how their loans were at the last look."""

    def __init__(self) -> None:
        self._watching: defaultdict[int, set[asyncio.Event]] = defaultdict(set)
        self._known: Mapping[int, int] = {}

    @contextmanager
    def watching(self, borrower_id: int | None, changed: asyncio.Event) -> Iterator[None]:
        """Have `changed` set whenever a loan of a borrower has changed; of nobody's, None."""
        if borrower_id is None:
            yield
            return
        self._watching[borrower_id].add(changed)
        try:
            yield
        finally:
            self._watching[borrower_id].discard(changed)
            if not self._watching[borrower_id]:
                del self._watching[borrower_id]

    async def look(self) -> None:
        """Compare the loans with what they were at the last look.

        Those that were not looked at then count as changed: a file may have been read before.
        """
        if not self._watching:
            return
        found = await from_store(lambda session: _versions(session, list(self._watching)))
        for borrower_id, version in found.items():
            if self._known.get(borrower_id) != version:
                for changed in self._watching.get(borrower_id, ()):
                    changed.set()
        self._known = found


def loan_watch() -> LoanWatch:
    """The watch of this process."""
    found: LoanWatch = app.state.loan_watch
    return found


def _versions(session: Session, borrower_ids: Collection[int]) -> Mapping[int, int]:
    """The versions of each borrower's loans, added up: they only rise."""
    query = select(Loan.borrower_id, func.sum(Loan.version)).where(Loan.borrower_id.in_(borrower_ids))
    return dict(session.execute(query.group_by(Loan.borrower_id)).all())  # type: ignore[arg-type]


async def _keep_looking() -> None:
    app.state.loan_watch = LoanWatch()
    while True:
        try:
            await loan_watch().look()
        except Exception:
            log.exception("the loans of open files were not looked at")
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


app.on_startup(_keep_looking)

"""What a process knows of the open requests: as the store has them, whatever happens while it looks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from bot.web.staff.pages.queue import board as module
from bot.web.staff.pages.queue.board import Board
from respite.support.open_requests import OpenRequest, open_requests
from tests.unit.support import crew
from tests.unit.support.crew import NOW

pytestmark = pytest.mark.usefixtures("store_url")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "console", lambda: SimpleNamespace(clock=SimpleNamespace(now=lambda: NOW)))


def states(board: Board) -> list[str]:
    return [request.state for request in board.requests]


async def test_what_changes_while_it_is_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    board, conversation_id, lin = Board(), crew.waiting(), crew.hire()
    await board._read()

    def read_and_claim(
        session: Session, now: datetime, conversation_ids: Collection[str] | None = None
    ) -> Sequence[OpenRequest]:
        found = open_requests(session, now, conversation_ids)
        crew.claim_it(conversation_id, lin)
        board._hear(conversation_id)
        return found

    board._hear(conversation_id)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(module, "open_requests", read_and_claim)
        await board._read()
    assert states(board) == ["waiting"]
    await board._read()
    assert states(board) == ["taken"]


async def test_after_a_failure_everything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    board, conversation_id, lin = Board(), crew.waiting(), crew.hire()
    await board._read()
    asked: list[Collection[str] | None] = []

    def fail_once(
        session: Session, now: datetime, conversation_ids: Collection[str] | None = None
    ) -> Sequence[OpenRequest]:
        asked.append(conversation_ids)
        if len(asked) == 1:
            raise ConnectionError
        return open_requests(session, now, conversation_ids)

    crew.claim_it(conversation_id, lin)
    board._hear(conversation_id)
    monkeypatch.setattr(module, "open_requests", fail_once)
    await board._read()

    assert asked == [{conversation_id}, None]
    assert states(board) == ["taken"]
    assert not board.is_stale

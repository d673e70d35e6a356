"""Processes that are killed at random moments while borrowers talk: nothing is lost, nothing done twice."""

from pathlib import Path

import pytest

from tests.databases import Databases, SQLiteFolder
from tests.recovery.havoc import SECONDS_TO_ANSWER
from tests.recovery.run import run

SEED = 20_261_122
KILLS = 6
AT_ONCE = 4


@pytest.mark.parametrize("web_processes", [1, 2])
async def test_nothing_is_lost_or_done_twice(tmp_path: Path, databases: Databases, web_processes: int) -> None:
    """On SQLite with one web process, on PostgreSQL with two; `make recovery` kills far more often."""
    if web_processes != (1 if isinstance(databases, SQLiteFolder) else 2):
        pytest.skip("SQLite is for one web process, and PostgreSQL is tried with two.")
    report = await run(tmp_path, databases, web_processes=web_processes, kills=KILLS, seed=SEED, at_once=AT_ONCE)
    print(report)
    assert report.wrong == []
    assert report.kills.total() == KILLS
    assert max(report.recoveries) < SECONDS_TO_ANSWER

"""Actions answer on one fixed business date, and at a desk that is open or closed as a test needs it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from respite.policies.load import policy
from respite.settings import settings
from tests.opening_hours import ALWAYS, write_policy
from tests.unit.actions.talk import TODAY

Hours = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def today(own_settings: pytest.MonkeyPatch) -> None:
    """The business date of the tests; a store is asked for first, because it forgets the settings."""
    own_settings.setenv("RESPITE_BUSINESS_DATE", TODAY.isoformat())
    settings.cache_clear()


@pytest.fixture
def open_store(store_url: str, today: None) -> str:
    """An empty store on the business date of the tests."""
    return store_url


@pytest.fixture
def demo_store(demo_store_url: str, today: None) -> str:
    """The demo loan book on the business date of the tests."""
    return demo_store_url


@pytest.fixture
def hours(open_store: str, own_settings: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hours]:
    """Sets the opening hours of this installation."""

    def keep(openings: list[dict[str, Any]]) -> None:
        file = tmp_path / "policy.yml"
        write_policy(file, openings)
        own_settings.setenv("RESPITE_POLICY", str(file))
        for remembered in (settings, policy):
            remembered.cache_clear()

    yield keep
    policy.cache_clear()


@pytest.fixture
def is_open(hours: Hours) -> None:
    hours(ALWAYS)

"""A running bot for all conversations of a test run, and its store."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from respite.policies.load import policy
from respite.settings import settings
from respite.store.encryption import cipher
from respite.store.session import store
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot, running_bot
from tests.opening_hours import write_policy
from tests.traces import Collector, collecting

TURNS = 2_100
ENCRYPTION_KEY = "dGhlIHRlc3RzIGxvY2sgdGhlaXIgb3duIGRvb3JzISE="
REMEMBERED = (settings, policy, cipher, store)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--turns", type=int, default=TURNS, help="how many turns the random walk takes (%(default)s)")
    parser.addoption("--seed", type=int, default=BUSINESS_DATE.toordinal(), help="what the random walk begins with")


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where the bot sends its traces."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[RunningBot]:
    """The whole bot, started once, with a desk that is always open. The tests read and write its store."""
    if not Path("models/respite.tar.gz").exists():
        pytest.fail("There is no trained model. Run `make train` first.")
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("RESPITE_HOME", str(home))
        monkeypatch.setenv("RESPITE_ENCRYPTION_KEY", ENCRYPTION_KEY)
        monkeypatch.setenv("RESPITE_BUSINESS_DATE", BUSINESS_DATE.isoformat())
        monkeypatch.setenv("RESPITE_POLICY", str(home / "policy.yml"))
        write_policy(home / "policy.yml")
        for remembered in REMEMBERED:
            remembered.cache_clear()
        with running_bot(home, {"RESPITE_ENCRYPTION_KEY": ENCRYPTION_KEY} | collector.environment) as running:
            yield running
        for remembered in REMEMBERED:
            remembered.cache_clear()


@pytest.fixture(scope="session")
def http(bot: RunningBot) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bot.url, timeout=60) as client:
        yield client

"""Actions answer on one fixed business date."""

import pytest

from respite.settings import settings
from tests.unit.actions.talk import TODAY


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

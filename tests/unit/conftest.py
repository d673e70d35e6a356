"""A unit test never sees this installation's settings."""

import pytest


@pytest.fixture(autouse=True)
def isolated(own_settings: pytest.MonkeyPatch) -> None: ...

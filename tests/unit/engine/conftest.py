"""The engine's tests need Rasa, and are left out where it is not installed."""

import importlib.util
import os
from pathlib import Path

import pytest

os.environ["RASA_TELEMETRY_ENABLED"] = "false"

if importlib.util.find_spec("rasa") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model of a small assistant, trained once with the project's own config.yml."""
    from assistant import CONFIG, train_in

    return train_in(tmp_path_factory.mktemp("assistant"), CONFIG.read_text(encoding="utf-8"))

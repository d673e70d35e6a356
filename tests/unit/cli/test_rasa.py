"""When the model is trained anew, and what Rasa is told about this installation."""

import stat
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.cli.rasa import server_environment, tracker_keys, write_endpoints
from respite.secrets import internal_secret
from respite.settings import Settings, settings
from respite.store import encryption

TRAINS = "#!/bin/sh\necho x >> trainings\nmkdir -p models\ntouch models/respite.tar.gz\n"
FAILS = "#!/bin/sh\nexit 1\n"
SOURCES = (
    "config.yml",
    "domain.yml",
    "data/nlu/bills.yml",
    "data/rules/bills.yml",
    "bot/engine/tokenizer.py",
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with all that a model is made from, and a Rasa that counts how often it is asked to train."""
    for name in (*SOURCES, "actions/plans.py", "README.md"):
        write(tmp_path / name, name)
    rasa = write(tmp_path / ".venv-rasa/bin/python", TRAINS)
    rasa.chmod(rasa.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def train(*options: str) -> Result:
    return CliRunner().invoke(app, ["train", *options])


def trainings() -> int:
    log = Path("trainings")
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_an_absent_model_is_trained() -> None:
    assert train().exit_code == 0
    assert trainings() == 1


def test_a_model_is_trained_once() -> None:
    train()
    train()

    assert trainings() == 1


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_source_trains_the_model_anew(source: str) -> None:
    train()
    write(Path(source), "changed")
    train()

    assert trainings() == 2


def test_a_new_source_trains_the_model_anew() -> None:
    train()
    write(Path("data/nlu/plans.yml"), "new")
    train()

    assert trainings() == 2


def test_a_source_that_was_only_touched_trains_nothing() -> None:
    train()
    Path("domain.yml").touch()
    train()

    assert trainings() == 1


def test_what_is_no_part_of_the_model_trains_nothing() -> None:
    train()
    write(Path("actions/plans.py"), "changed")
    train()

    assert trainings() == 1


def test_training_can_be_forced() -> None:
    train()
    train("--force")

    assert trainings() == 2


def test_a_failed_training_is_said_and_tried_again(project: Path) -> None:
    write(project / ".venv-rasa/bin/python", FAILS)

    failed = train()

    assert failed.exit_code == 1
    assert "train.log" in failed.output

    write(project / ".venv-rasa/bin/python", TRAINS)
    train()
    assert trainings() == 1


def test_a_missing_environment_is_named_with_its_remedy(project: Path) -> None:
    (project / ".venv-rasa/bin/python").unlink()

    result = train()

    assert result.exit_code == 1
    assert "make setup" in result.output


def test_rasa_is_told_where_this_installation_keeps_its_actions_and_trackers(project: Path) -> None:
    write(
        project / "endpoints.yml",
        "action_endpoint: {url: 'http://127.0.0.1:5055/webhook', enable_selective_domain: true}\n"
        "tracker_store: {type: SQL, db: .respite/tracker.db}\n",
    )

    written = yaml.safe_load(write_endpoints(Settings(home=project / "home", actions_port=6060)).read_text())

    assert written["action_endpoint"] == {
        "url": "http://127.0.0.1:6060/webhook",
        "enable_selective_domain": True,
        "headers": {"Authorization": "Bearer ${RESPITE_INTERNAL_SECRET}"},
    }
    assert written["tracker_store"] == {"type": "SQL", "db": str(project / "home" / "tracker.db")}


def test_of_all_settings_rasa_is_told_only_what_it_needs(project: Path, own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_SMTP_PASSWORD", "secret")
    installation = Settings(home=project)

    told = server_environment(installation)

    assert {name for name in told if name.startswith("RESPITE_")} == {
        "RESPITE_INTERNAL_SECRET",
        "RESPITE_TRACKER_KEYS",
        "RESPITE_PRIVATE_NETWORK",
    }
    assert told["RESPITE_INTERNAL_SECRET"] == internal_secret(installation)
    assert told["RASA_TELEMETRY_ENABLED"] == "false"


def test_rasa_has_a_key_of_its_own_for_each_of_the_ring(own_settings: pytest.MonkeyPatch) -> None:
    old, new = encryption.new_key(), encryption.new_key()
    rings = {}
    for ring in (old, f"{new} {old}"):
        own_settings.setenv("RESPITE_ENCRYPTION_KEY", ring)
        settings.cache_clear()
        rings[ring] = tracker_keys().split()

    assert rings[f"{new} {old}"][1:] == rings[old]
    assert not {old, new}.intersection(*rings.values())

"""Rasa, which has an environment of its own: how its programs start, and when its model is trained anew."""

import base64
import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml

from respite.cli.console import console, give_up
from respite.secrets import internal_secret
from respite.settings import Settings, settings
from respite.store import encryption

ENDPOINTS = Path("endpoints.yml")
PYTHON = Path(".venv-rasa/bin/python")
MODEL = Path("models/respite.tar.gz")
FINGERPRINT = MODEL.with_name("respite.fingerprint")
SOURCES = ("config.yml", "domain.yml", "data/**/*.yml", "bot/engine/**/*.py")


def train(force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False) -> None:
    """Train the model if its data, its configuration or the engine changed."""
    fingerprint = fingerprint_of_sources(Path())
    if not force and MODEL.exists() and FINGERPRINT.exists() and FINGERPRINT.read_text() == fingerprint:
        console.print("[green]✓[/green] The model is up to date.")
        return
    require_environment()
    log = settings().home / "logs" / "train.log"
    with console.status("Training the model, which takes about a minute …"):
        trained = _run_training(log)
    if not trained:
        give_up(f"The model could not be trained. Rasa says why at the end of {log}.")
    FINGERPRINT.write_text(fingerprint)
    console.print("[green]✓[/green] The model is trained.")


parse = typer.Typer(add_completion=False)


@parse.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def parse_utterances(context: typer.Context) -> None:
    """Say what the bot understands: one utterance a line in, one JSON object a line out.

    Options that are not listed here go to the parser. It starts no server.
    """
    require_environment()
    require_model()
    command = [str(PYTHON), "-m", "bot.engine.parse", *context.args]
    os.execve(PYTHON, command, environment())


def environment() -> dict[str, str]:
    """The environment variables with which every program of Rasa runs."""
    return os.environ | {
        "PYTHONPATH": str(Path.cwd()),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def server_environment(settings: Settings) -> dict[str, str]:
    """The environment variables of the Rasa server: of this installation's settings and secrets only what it needs."""
    others = {name: value for name, value in environment().items() if not name.startswith("RESPITE_")}
    return others | {
        "RESPITE_INTERNAL_SECRET": internal_secret(settings),
        "RESPITE_TRACKER_KEYS": tracker_keys(),
        "RESPITE_PRIVATE_NETWORK": str(settings.private_network),
    }


def tracker_keys() -> str:
    """With what Rasa encrypts conversations: a key of its own for each of the ring, the newest first."""
    ring = map(base64.urlsafe_b64decode, encryption.keys())
    derived = (hmac.digest(key, b"respite rasa conversations", hashlib.sha256) for key in ring)
    return " ".join(base64.urlsafe_b64encode(key).decode() for key in derived)


def encrypt_conversations_anew(settings: Settings) -> None:
    """Encrypt what Rasa keeps of conversations under the newest key of the ring. Rasa must not run."""
    kept = settings.tracker_database
    command = [sys.executable, "-m", "bot.engine.kept_conversations", str(kept)]
    keys = {"RESPITE_TRACKER_KEYS": tracker_keys()}
    if kept.exists() and subprocess.run(command, env=os.environ | keys, check=False).returncode:
        give_up(f"{kept} could not be encrypted anew. Stop the bot, or delete that file; then run this again.")


def write_endpoints(settings: Settings) -> Path:
    """A copy of endpoints.yml with this installation's action server and folder for the trackers.

    Rasa puts the secret in from its environment: no file has it, and it travels in a header.
    """
    endpoints = yaml.safe_load(ENDPOINTS.read_text())
    endpoints["action_endpoint"]["url"] = f"{settings.actions_url}/webhook"
    endpoints["action_endpoint"]["headers"] = {"Authorization": "Bearer ${RESPITE_INTERNAL_SECRET}"}
    endpoints["tracker_store"]["db"] = str(settings.tracker_database)
    settings.home.mkdir(parents=True, exist_ok=True)
    written = settings.home / ENDPOINTS.name
    written.write_text(yaml.safe_dump(endpoints))
    return written


def require_environment() -> None:
    if not PYTHON.exists():
        give_up(f"{PYTHON} does not exist. Run `make setup` in the project's folder first.")


def require_model() -> None:
    if not MODEL.exists():
        give_up(f"{MODEL} does not exist. Run `make train` in the project's folder first.")


def _run_training(log: Path) -> bool:
    log.parent.mkdir(parents=True, exist_ok=True)
    name = MODEL.name.removesuffix(".tar.gz")
    options = ["--fixed-model-name", name, "--out", str(MODEL.parent), "--skip-validation"]
    with log.open("wb") as output:
        done = subprocess.run(
            [PYTHON, "-m", "rasa", "train", *options],
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.returncode == 0


def fingerprint_of_sources(project: Path) -> str:
    """A SHA-256 over everything that a model is made from."""
    digest = hashlib.sha256()
    for file in sorted({file for pattern in SOURCES for file in project.glob(pattern)}):
        digest.update(f"{file.relative_to(project)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()

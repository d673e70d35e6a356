"""`respite up` as its user meets it, with stand-ins for Rasa, the action server and the web application."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from respite.policies.load import policy
from respite.settings import Settings, settings
from respite.store import demo_book, migrations
from respite.store.encryption import new_key
from respite.store.session import store, transaction
from tests.channels.servers import free_port
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.conftest import ENCRYPTION_KEY as KEY_OF_THE_TESTS

RESPITE = Path(sys.executable).with_name("respite")
PATIENCE = 30

SERVE = """
import http.server, os, pathlib, sys
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
pathlib.Path({name!r} + ".pid").write_text(str(os.getpid()))
pathlib.Path({name!r} + ".date").write_text(os.environ.get("RESPITE_BUSINESS_DATE", ""))
http.server.HTTPServer(("127.0.0.1", {port}), Well).serve_forever()
"""


class Project:
    """A folder that looks like the project's, with programs that answer and do nothing else."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self._write("endpoints.yml", "action_endpoint: {url: ''}\ntracker_store: {db: ''}\n")
        self._write("models/respite.tar.gz", "")
        self._write("rasa_stand_in.py", SERVE.format(name="rasa", port=settings.rasa_port))
        self._write(".venv-rasa/bin/python", f"#!/bin/sh\nexec {sys.executable} rasa_stand_in.py\n").chmod(0o755)
        for package in ("actions", "bot", "bot/web"):
            self._write(f"{package}/__init__.py", "")
        self._write("actions/__main__.py", SERVE.format(name="actions", port=settings.actions_port))
        self._write("bot/web/__main__.py", SERVE.format(name="web", port=settings.web_port))

    def _write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def pid(self, program: str) -> int:
        return int((self.folder / f"{program}.pid").read_text())


class Running:
    """`respite up`, whose words are collected while it runs."""

    def __init__(self, project: Project, *options: str) -> None:
        self.process = subprocess.Popen(
            [RESPITE, "up", *options],
            cwd=project.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"COLUMNS": "200"},
        )
        assert self.process.stdout
        self.words = ""

    def wait_for(self, words: str) -> None:
        """Read until `words` were said; fails when it stops before."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.words += line
            if words in line:
                return
        pytest.fail(f"{words!r} was never said, but:\n{self.words}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.words += rest
        return self.process.returncode


@pytest.fixture
def project(tmp_path: Path, own_settings: pytest.MonkeyPatch) -> Project:
    """A project on three free ports."""
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", new_key())
    for name in ("RASA", "ACTIONS", "WEB"):
        own_settings.setenv(f"RESPITE_{name}_PORT", str(free_port()))
    settings.cache_clear()
    return Project(tmp_path, settings())


@pytest.fixture
def lent(project: Project, business_date: date) -> Project:
    """A project whose database has a small demo loan book."""
    migrations.upgrade(store().kw["bind"])
    with transaction() as session:
        demo_book.seed(session, policy(), business_date, size=3)
    return project


@pytest.fixture
def start(request: pytest.FixtureRequest) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(project: Project, *options: str) -> Running:
        started.append(Running(project, *options))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()


def nothing_answers(project: Project) -> bool:
    return all(not Path(f"/proc/{project.pid(name)}").exists() for name in ("rasa", "actions", "web"))


Start = Callable[..., Running]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_when_everything_answers_and_stops_everything_when_told_to(
    lent: Project, start: Start, number: signal.Signals
) -> None:
    running = start(lent)
    running.wait_for(f"Respite is ready at {settings().web_url}")

    assert running.stop(number) == 0

    assert nothing_answers(lent)
    for program in ("Rasa", "The action server", "The web application"):
        assert f"{program} answers" in running.words


@pytest.mark.parametrize(
    ("killed", "name"), [("rasa", "Rasa"), ("actions", "The action server"), ("web", "The web application")]
)
def test_a_killed_program_stops_everything_with_a_sentence(lent: Project, start: Start, killed: str, name: str) -> None:
    running = start(lent)
    running.wait_for("Respite is ready")

    os.kill(lent.pid(killed), signal.SIGKILL)

    assert running.end() == 1
    assert f"{name} was killed by SIGKILL" in running.words
    assert f"{killed}.log" in running.words
    assert nothing_answers(lent)


def test_a_demonstration_introduces_three_borrowers(lent: Project, start: Start) -> None:
    running = start(lent, "--demo")
    running.wait_for("the one-time code then appears here")
    running.stop()

    for borrower in demo_book.demo_borrowers("en"):
        assert borrower.name in running.words
        assert borrower.phone in running.words


def test_a_demonstration_shows_one_time_codes_as_they_are_made(lent: Project, start: Start) -> None:
    running = start(lent, "--demo")
    running.wait_for("the one-time code then appears here")

    with (settings().home / "demo-codes.txt").open("a") as codes:
        codes.write("Demo: the one-time code is 123456\n")

    running.wait_for("the one-time code is 123456")
    running.stop()


def test_a_demonstration_plays_on_the_day_of_its_loan_book(lent: Project, start: Start, business_date: date) -> None:
    running = start(lent, "--demo")
    running.wait_for("Respite is ready")
    running.stop()

    assert (lent.folder / "web.date").read_text() == business_date.isoformat()
    assert (lent.folder / "actions.date").read_text() == business_date.isoformat()


def test_a_port_in_use_is_named_before_anything_starts(lent: Project, start: Start) -> None:
    with socket.create_server(("127.0.0.1", settings().actions_port)):
        running = start(lent)

        assert running.end() == 1

    assert f"The action server needs port {settings().actions_port}" in running.words
    assert "RESPITE_ACTIONS_PORT" in running.words
    assert not (lent.folder / "rasa.pid").exists()


@pytest.mark.parametrize(
    ("missing", "remedy"), [(".venv-rasa/bin/python", "make setup"), ("models/respite.tar.gz", "make train")]
)
def test_what_is_missing_is_named_with_its_remedy(lent: Project, start: Start, missing: str, remedy: str) -> None:
    (lent.folder / missing).unlink()

    running = start(lent)

    assert running.end() == 1
    assert missing in running.words
    assert remedy in running.words


def test_a_database_without_tables_is_not_started_on(project: Project, start: Start) -> None:
    running = start(project)

    assert running.end() == 1
    assert "respite migrate" in running.words


def test_a_demonstration_needs_a_demo_loan_book(project: Project, start: Start) -> None:
    migrations.upgrade(store().kw["bind"])

    running = start(project, "--demo")

    assert running.end() == 1
    assert "respite seed" in running.words


def test_some_of_the_programs_may_run_here_and_the_others_elsewhere(lent: Project, start: Start) -> None:
    running = start(lent, "rasa", "actions")
    running.wait_for("Respite is ready.")

    assert running.stop() == 0
    assert not (lent.folder / "web.pid").exists()


def test_rasa_alone_needs_no_database(project: Project, start: Start) -> None:
    running = start(project, "rasa")
    running.wait_for("Respite is ready.")

    assert running.stop() == 0


def test_servers_that_strangers_could_reach_are_not_started(
    lent: Project, start: Start, own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("RESPITE_RASA_HOST", "0.0.0.0")

    running = start(lent, "--demo")

    assert running.end() == 1
    assert "RESPITE_PRIVATE_NETWORK=true" in running.words
    assert not (lent.folder / "rasa.pid").exists()


def test_borrowers_are_not_served_under_secrets_that_others_may_know(
    lent: Project, start: Start, own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", KEY_OF_THE_TESTS)

    running = start(lent)

    assert running.end() == 1
    assert "respite keys rotate" in running.words
    assert not (lent.folder / "rasa.pid").exists()


def test_a_demonstration_with_a_bot_says_where_it_is_on_telegram(
    lent: Project, start: Start, own_settings: pytest.MonkeyPatch
) -> None:
    api = BotApi()
    api.server.start()
    own_settings.setenv("RESPITE_TELEGRAM_TOKEN", TOKEN)
    own_settings.setenv("RESPITE_TELEGRAM_API_URL", api.server.url)
    running = start(lent, "--demo")
    running.wait_for("On Telegram: https://t.me/respite_bot")
    running.stop()
    api.server.stop()
    assert TOKEN not in running.words

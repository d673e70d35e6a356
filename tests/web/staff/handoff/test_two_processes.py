"""The borrower's page served by one process and the console by another, with PostgreSQL between them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.channels.servers import StandInRasa, free_port
from tests.web.staff.conftest import Member
from tests.web.staff.handoff.conftest import Open, OpenChat
from tests.web.staff.handoff.talking import claim, items, reply

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")

SECONDS_TO_START = 60


@pytest.fixture
def processes(own_policy: None, rasa: StandInRasa) -> Iterator[tuple[str, str]]:
    """The addresses of two web applications of one installation."""
    ports = [free_port(), free_port()]
    started = []
    for port in ports:
        own = {"RESPITE_WEB_PORT": str(port), "RESPITE_RASA_PORT": str(rasa.server.port), "RESPITE_DEMO": "1"}
        environment = os.environ | own | {"PYTHONPATH": "."}
        started.append(subprocess.Popen([sys.executable, "-m", "bot.web"], env=environment, stderr=subprocess.DEVNULL))
    try:
        for port in ports:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


def test_two_processes_are_one_desk(
    processes: tuple[str, str], open_as: Open, open_chat: OpenChat, lin: Member, rasa: StandInRasa
) -> None:
    for_borrowers, for_staff = processes
    desk = open_as(lin, "/queue", for_staff)
    chat = open_chat(for_borrowers)
    chat.ask_for_person()
    rasa.holds = lambda told: True
    chat.say("can you wait until Friday")
    expect(chat.page.locator("#typing .typing")).to_be_visible()

    talk = claim(desk)

    expect(chat.page.get_by_text("Lin, a member of our staff, has joined.")).to_be_visible()
    rasa.holds = lambda told: False
    chat.page.locator("#draft").press_sequentially("I lost")
    expect(talk.locator(".writing")).to_contain_text("The borrower is writing")
    talk.get_by_role("textbox", name="Reply").press_sequentially("I am")
    expect(chat.page.locator("#typing")).to_contain_text("Lin is writing")
    reply(talk, "I am sorry")
    expect(chat.entries("staff")).to_contain_text("I am sorry")
    chat.say("I lost my job")
    expect(items(talk, "borrower").last).to_contain_text("I lost my job")
    expect(items(talk, "bot").last).to_contain_text("Held back: somebody had taken over")
    expect(chat.page.get_by_text("You said: can you wait until Friday")).to_have_count(0)

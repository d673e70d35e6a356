import json
import subprocess
import sys
from textwrap import dedent

import pytest

TYPED = "I am Wang Fang, call 13800000001"
PROCESS = """
import logging, structlog, sys, warnings
from bot.engine.quiet_logs import keep_words_out

TYPED = {typed!r}
logging.basicConfig(format="%(message)s")
structlog.configure(
    processors=[structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    cache_logger_on_first_use=True,
)
rasa, events = logging.getLogger("rasa.core"), structlog.get_logger("rasa.events")
events.warning("used before")
keep_words_out()
def fail():
    try:
        int(TYPED)
    except ValueError as error:
        raise RuntimeError(TYPED) from error
{does}
"""


def logged(does):
    """The lines that a process logs from the moment when its words are kept out."""
    program = PROCESS.format(typed=TYPED, does=dedent(does))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert TYPED not in done.stderr + done.stdout
    return [json.loads(line) for line in done.stderr.splitlines()[1:]]


@pytest.mark.parametrize(
    "says",
    [
        'rasa.error(f"Failed: {TYPED}")',
        'rasa.error("Failed: %s", TYPED)',
        'events.error("slot.failed", text=TYPED, event_info=TYPED)',
        'structlog.get_logger("rasa.unused").error(TYPED)',
        "rasa.propagate = False; rasa.error(TYPED)",
    ],
)
def test_what_rasa_says_is_logged_as_a_place(says):
    [line] = logged(says)
    assert line["level"] == "error"
    assert line["place"].startswith("rasa.")
    assert line.keys() == {"timestamp", "level", "place"}


def test_a_warning_is_logged_as_a_place_too():
    assert [line["level"] for line in logged("warnings.warn(TYPED)")] == ["warning"]


def test_what_we_say_is_logged_with_its_conversation():
    [line] = logged(
        """
        with structlog.contextvars.bound_contextvars(conversation="c-1"):
            logging.getLogger("bot.engine.channel").error("A turn failed.")
        """
    )
    assert (line["event"], line["conversation"]) == ("A turn failed.", "c-1")


@pytest.mark.parametrize("logger", ["rasa", "events"])
def test_an_exception_is_logged_by_its_type_and_its_places(logger):
    [line] = logged(f"try:\n    fail()\nexcept RuntimeError:\n    {logger}.exception(TYPED)")
    what, *places = line["exception"].splitlines()
    assert what == "RuntimeError"
    assert any(place.endswith("in fail") for place in places)
    assert "ValueError" in places

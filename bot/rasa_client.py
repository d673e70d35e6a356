"""Asking Rasa, which runs on the loopback interface or in a private network, to answer one turn."""

import asyncio
import json
from contextlib import nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import httpx
from circuitbreaker import STATE_HALF_OPEN, CircuitBreaker
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from bot.engine.statuses import DIED, NOTHING_DONE
from bot.telemetry.figures import note_seconds
from respite.tracing import step, trace_headers

CHANNEL = "/webhooks/hub"
ANSWER_SECONDS = 30
CONNECT_SECONDS = 2
LARGEST_ANSWER = 256 * 1024
"""Bytes."""

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
BROKEN_OFF = (httpx.NetworkError, httpx.RemoteProtocolError, httpx.TimeoutException)
FAILURES_IN_A_ROW = 5
SECONDS_LEFT_IN_PEACE = 1


@dataclass(frozen=True)
class Utterance:
    """What Rasa is told: a borrower's `text`, or the trusted `payload` of a button; one of the two.

    `language` (en, zh-Hans, zh-Hant) is given when the borrower chose it or the text shows it.
    """

    text: str = ""
    payload: str = ""
    language: str | None = None


class RasaError(Exception):
    """A turn that brought no answer. Asked again under the same id, it is answered once."""


class RasaUnreachableError(RasaError):
    """The turn never reached Rasa, or Rasa did not reach the action server, so nothing was done."""


class RasaSilentError(RasaError):
    """The turn was sent, but what became of it is not known."""


class RasaLostError(RasaError):
    """Rasa, the action server or the way to one of them died in the turn, or hangs. What became of it is not known."""


_MEANT_BY = {NOTHING_DONE: RasaUnreachableError, DIED: RasaLostError}


class RasaClient:
    """One connection pool to the Rasa server at `url`, which knows the same `secret`.

    After FAILURES_IN_A_ROW it is left in peace for some seconds; then one turn tries whether it is back.
    """

    def __init__(self, url: str, secret: str, seconds_left_in_peace: float = SECONDS_LEFT_IN_PEACE) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,
        )
        self._circuit = CircuitBreaker(FAILURES_IN_A_ROW, seconds_left_in_peace, httpx.TransportError)
        self._trying = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the circuit to Rasa is open: it could not be reached lately, and has not answered since."""
        return not self._circuit.closed

    async def answer(
        self, conversation_id: str, utterance: Utterance, business_date: str, turn_id: str
    ) -> list[dict[str, Any]]:
        """The messages with which Rasa answers: the same ones however often a turn is asked.

        Raises RasaUnreachableError, RasaSilentError or RasaLostError.
        """
        said = {"payload": utterance.payload} if utterance.payload else {"text": utterance.text}
        metadata = {"business_date": business_date}
        if utterance.language:
            metadata["language"] = utterance.language
        turn = {"sender": conversation_id, "turn_id": turn_id, **said, "metadata": metadata}
        try:
            return list(json.loads(await self._send(turn))["messages"])
        except NEVER_SENT as error:
            raise RasaUnreachableError(str(error)) from error
        except httpx.HTTPStatusError as error:
            raise _MEANT_BY.get(error.response.status_code, RasaSilentError)(str(error)) from error
        except BROKEN_OFF as error:
            raise RasaLostError(str(error)) from error
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise RasaSilentError(str(error)) from error

    async def is_ready(self) -> bool:
        try:
            return (await self._http.get(f"{CHANNEL}/", timeout=CONNECT_SECONDS)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _send(self, turn: dict[str, Any]) -> bytes:
        tries = self._circuit.state == STATE_HALF_OPEN
        if self._circuit.opened or (tries and self._trying.locked()):
            raise RasaUnreachableError("Rasa could not be reached lately.")
        async with self._trying if tries else nullcontext():
            return await self._circuit.call_async(self._post, turn)

    @retry(
        retry=retry_if_exception_type(NEVER_SENT),
        stop=stop_after_attempt(2),
        wait=wait_exponential(multiplier=0.1, max=1),
        reraise=True,
    )
    async def _post(self, turn: dict[str, Any]) -> bytes:
        content, began = bytearray(), perf_counter()
        with step("rasa"):
            async with self._http.stream("POST", f"{CHANNEL}/turn", json=turn, headers=trace_headers()) as response:
                response.raise_for_status()
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > LARGEST_ANSWER:
                        raise ValueError(f"Rasa's answer is longer than {LARGEST_ANSWER} bytes.")
        note_seconds("rasa", perf_counter() - began)
        if seconds := _seconds_in_actions(response):
            note_seconds("actions", seconds)
        return bytes(content)


def _seconds_in_actions(response: httpx.Response) -> float:
    """What Rasa says about it in milliseconds: `Server-Timing: actions;dur=12.3`."""
    _, _, milliseconds = response.headers.get("server-timing", "").partition("actions;dur=")
    return float(milliseconds or 0) / 1000

"""Asking Rasa, which runs on the loopback interface, to answer one turn."""

from dataclasses import dataclass
from typing import Any

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

CHANNEL = "/webhooks/hub"
ANSWER_SECONDS = 30
CONNECT_SECONDS = 2
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Utterance:
    """What Rasa is told: a borrower's `text`, or the trusted `payload` of a button; one of the two.

    `language` (en, zh-Hans, zh-Hant) is given when the borrower chose it or the text shows it.
    """

    text: str = ""
    payload: str = ""
    language: str | None = None


class RasaError(Exception):
    """A turn that brought no answer."""


class RasaUnreachableError(RasaError):
    """The turn never reached Rasa, so nothing was done."""


class RasaSilentError(RasaError):
    """The turn was sent, but what became of it is not known."""


class RasaClient:
    """One connection pool to the Rasa server at `url`."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS), trust_env=False
        )

    async def answer(self, conversation_id: str, utterance: Utterance, business_date: str) -> list[dict[str, Any]]:
        """The messages with which Rasa answers. Raises RasaUnreachableError or RasaSilentError."""
        said = {"payload": utterance.payload} if utterance.payload else {"text": utterance.text}
        metadata = {"business_date": business_date}
        if utterance.language:
            metadata["language"] = utterance.language
        try:
            response = await self._post({"sender": conversation_id, **said, "metadata": metadata})
            response.raise_for_status()
            return list(response.json()["messages"])
        except NEVER_SENT as error:
            raise RasaUnreachableError(str(error)) from error
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise RasaSilentError(str(error)) from error

    async def is_ready(self) -> bool:
        try:
            return (await self._http.get(f"{CHANNEL}/", timeout=CONNECT_SECONDS)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

    @retry(
        retry=retry_if_exception_type(NEVER_SENT),
        stop=stop_after_attempt(4),
        wait=wait_exponential(multiplier=0.1, max=1),
        reraise=True,
    )
    async def _post(self, turn: dict[str, Any]) -> httpx.Response:
        return await self._http.post(f"{CHANNEL}/turn", json=turn)

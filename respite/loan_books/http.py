"""Asking a core banking system over HTTP: amounts as Decimal, patience with what may be repeated, errors told apart."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_exponential

from respite.loan_books import LoanBookError, LoanBookRefusedError, LoanBookSilentError, LoanBookUnreachableError

TRIES = 3
PATIENCE = 6
"""Seconds after which nothing is tried again: a borrower is waiting."""
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
ASK_AGAIN = frozenset({425, 429})
"""Statuses by which a server says that it has not done anything yet."""


class BookClient:
    """One connection pool to the system at `url`; `seconds` is the time-out of connecting and of each answer."""

    def __init__(
        self, url: str, *, seconds: float, headers: Mapping[str, str], auth: tuple[str, str] | None = None
    ) -> None:
        transport = httpx.HTTPTransport(retries=1)  # of connecting only: nothing was sent then
        self._http = httpx.Client(
            base_url=url, timeout=seconds, headers=headers, auth=auth, transport=transport, trust_env=False
        )

    def get(self, path: str, **parameters: Any) -> Any:
        """What is at a path. Raises LoanBookUnreachableError and LoanBookRefusedError."""
        for attempt in _patiently(LoanBookUnreachableError):
            with attempt:
                try:
                    return _answer(self._http.get(path, params=parameters), LoanBookUnreachableError)
                except httpx.TransportError as error:
                    raise LoanBookUnreachableError(_told(error)) from error
        raise AssertionError("the last attempt returns or raises")

    def post(self, path: str, body: dict[str, Any], key: str, **parameters: Any) -> Any:
        """Change something, once however often it is sent with the same key. Raises each LoanBookError."""
        for attempt in _patiently(LoanBookSilentError):
            with attempt:
                try:
                    response = self._http.post(path, json=body, params=parameters, headers={"Idempotency-Key": key})
                    return _answer(response, LoanBookSilentError)
                except NEVER_SENT as error:
                    was_sent = attempt.retry_state.attempt_number > 1
                    raise (LoanBookSilentError if was_sent else LoanBookUnreachableError)(_told(error)) from error
                except httpx.TransportError as error:
                    raise LoanBookSilentError(_told(error)) from error
        raise AssertionError("the last attempt returns or raises")


def _patiently(error: type[LoanBookError]) -> Retrying:
    return Retrying(
        retry=retry_if_exception_type(error),
        stop=stop_after_attempt(TRIES) | stop_after_delay(PATIENCE),
        wait=wait_exponential(multiplier=0.1, max=1),
        reraise=True,
    )


def _answer(response: httpx.Response, unanswered: type[LoanBookError]) -> Any:
    """The content of an answer. Raises LoanBookRefusedError for a no, and `unanswered` where all is open."""
    if response.is_server_error or response.status_code in ASK_AGAIN:
        raise unanswered(_summary(response))
    if not response.is_success:
        raise LoanBookRefusedError(_summary(response))
    return json.loads(response.content, parse_float=Decimal)


def _summary(response: httpx.Response) -> str:
    request = response.request
    return f"{request.method} {request.url.path} was answered with {response.status_code}: {response.text[:500]}"


def _told(error: httpx.TransportError) -> str:
    return f"{error.request.method} {error.request.url.path} brought no answer ({type(error).__name__}: {error})."

"""Codes handed to the lender's own message gateway over HTTP, signed as the Standard Webhooks specification says.

The contract is in docs/signing-in.md.
"""

import json
from typing import Any

import httpx
from standardwebhooks import Webhook
from tenacity import retry, retry_if_exception, stop_after_delay, wait_random_exponential

from respite.clock import utc_now
from respite.identity.codes import OneTimeCode
from respite.policies.model import Words
from respite.settings import Settings

ANSWER_SECONDS = 5
TRY_FOR_SECONDS = 30


def is_worth_another_try(error: BaseException) -> bool:
    """Whether the gateway may take the same request later: it did not answer, or said that it was its own fault."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code == httpx.codes.TOO_MANY_REQUESTS or error.response.is_server_error
    return isinstance(error, httpx.TransportError)


class WebhookCodeSender:
    """Posts each code as JSON. A repeated request carries the same id, so that the gateway sends it once."""

    def __init__(self, settings: Settings, lender: Words) -> None:
        assert settings.code_webhook_secret is not None
        self._url = str(settings.code_webhook_url)
        self._webhook = Webhook(settings.code_webhook_secret.get_secret_value())
        self._lender = lender
        self._client = httpx.Client(timeout=ANSWER_SECONDS)

    def __call__(self, code: OneTimeCode) -> None:
        body = json.dumps(self._content(code), ensure_ascii=False)
        self._post(code.id, body)

    @retry(
        retry=retry_if_exception(is_worth_another_try),
        stop=stop_after_delay(TRY_FOR_SECONDS),
        wait=wait_random_exponential(max=ANSWER_SECONDS),
        reraise=True,
    )
    def _post(self, message_id: str, body: str) -> None:
        now = utc_now()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, now, body),
        }
        self._client.post(self._url, content=body.encode(), headers=headers).raise_for_status()

    def _content(self, code: OneTimeCode) -> dict[str, Any]:
        return {
            "type": "code.requested",
            "timestamp": code.made_at.isoformat(),
            "data": {
                "phone": code.phone,
                "text": code.text(self._lender),
                "code": code.code,
                "language": code.language,
                "expires_at": code.expires_at.isoformat(),
            },
        }

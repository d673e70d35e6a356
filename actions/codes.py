"""One-time codes that an action asks for: sent once its turn is stored, beside the answer, which does not wait."""

from collections.abc import Iterable
from functools import cache
from threading import Thread

import structlog

from respite.identity.codes import OneTimeCode
from respite.identity.senders import SendCode, code_sender
from respite.policies.load import policy
from respite.settings import settings

log = structlog.get_logger()


@cache
def sender() -> SendCode:
    """The way of sending that this installation is set up with. Raises CodeSenderError."""
    return code_sender(settings(), policy().lender.name)


def send_beside(codes: Iterable[OneTimeCode]) -> None:
    for code in codes:
        Thread(target=_send, args=(code,), daemon=True).start()


def _send(code: OneTimeCode) -> None:
    try:
        sender()(code)
    except Exception as error:
        log.error("one-time code not sent", conversation=code.conversation_id, reason=type(error).__name__)

"""How a one-time code reaches a borrower's phone: to be chosen with RESPITE_CODE_SENDER."""

from collections.abc import Callable

from respite.identity.codes import OneTimeCode
from respite.identity.senders.demo import DemoCodeSender
from respite.identity.senders.smtp import SmtpCodeSender
from respite.identity.senders.webhook import WebhookCodeSender
from respite.policies.model import Words
from respite.settings import Settings

SendCode = Callable[[OneTimeCode], None]
"""Sends a code; raises whatever its way of sending raises when it could not."""


class CodeSenderError(RuntimeError):
    """An installation that could not send a code to anyone."""


def code_sender(settings: Settings, lender: Words) -> SendCode:
    """The sender that this installation is set up with. Raises CodeSenderError."""
    if settings.demo:
        return DemoCodeSender(settings.home / "demo-codes.txt")
    match settings.code_sender:
        case "webhook":
            _require(settings, "code_webhook_url", "code_webhook_secret")
            return WebhookCodeSender(settings, lender)
        case "smtp":
            _require(settings, "smtp_host", "smtp_sender", "smtp_recipient")
            return SmtpCodeSender(settings, lender)
    raise CodeSenderError(
        "No way of sending one-time codes is set up. Set RESPITE_CODE_SENDER to webhook or smtp; for a demonstration, "
        "set RESPITE_DEMO=true."
    )


def _require(settings: Settings, *names: str) -> None:
    missing = [f"RESPITE_{name.upper()}" for name in names if not getattr(settings, name)]
    if missing:
        raise CodeSenderError(f"To send one-time codes by {settings.code_sender}, set {' and '.join(missing)} too.")

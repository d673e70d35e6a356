"""How codes are sent: in a demonstration, to the lender's gateway, by mail; and what is said when nobody could be."""

import smtplib
import ssl
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import trustme
from aiosmtpd.controller import Controller
from pydantic import HttpUrl, SecretStr
from standardwebhooks import Webhook
from tenacity import wait_none

from respite.identity.codes import OneTimeCode
from respite.identity.senders import CodeSenderError, code_sender
from respite.identity.senders.smtp import SmtpCodeSender
from respite.identity.senders.webhook import WebhookCodeSender
from respite.policies.model import Language
from respite.settings import Settings
from tests.channels.servers import free_port

LENDER: dict[Language, str] = {"en": "Lantern", "zh": "灯笼分期"}
SECRET = "whsec_dGhlIGdhdGV3YXkgYW5kIHdlIGtub3cgdGhpcw=="
CODE = OneTimeCode("c" * 32, "+8613800000001", "123456", "en", datetime(2026, 11, 22, 9, tzinfo=UTC))


@dataclass
class Gateway:
    """A lender's message gateway, which can be told to answer with errors first."""

    answers: list[int] = field(default_factory=list)
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def take(self, headers: dict[str, str], body: str) -> int:
        self.requests.append((headers, body))
        return self.answers.pop(0) if self.answers else 204

    def handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self.send_response(gateway.take(dict(self.headers), body))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests print nothing."""

        return Handler


@dataclass
class Mailbox:
    """What a mail server accepted."""

    mails: list[Any] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 accepted"


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def send_to_gateway(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookCodeSender]:
    monkeypatch.setattr(WebhookCodeSender._post.retry, "wait", wait_none())  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), gateway.handler())
    Thread(target=server.serve_forever, daemon=True).start()
    url = HttpUrl(f"http://127.0.0.1:{server.server_port}/codes")
    yield WebhookCodeSender(Settings(code_webhook_url=url, code_webhook_secret=SecretStr(SECRET)), LENDER)
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_settings(mailbox: Mailbox, tmp_path: Path) -> Iterator[Settings]:
    """A mail server that takes nothing before TLS, and how to reach it."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    port = free_port()
    server = Controller(mailbox, hostname="localhost", port=port, tls_context=context, require_starttls=True)
    server.start()
    yield Settings(
        smtp_host="localhost",
        smtp_port=port,
        smtp_sender="codes@lantern.example",
        smtp_recipient="{phone}@sms.example",
        smtp_ca_file=tmp_path / "ca.pem",
    )
    server.stop()


class TestDemonstration:
    def test_codes_stand_in_a_private_file_and_in_no_log(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        send = code_sender(Settings(demo=True, home=tmp_path), LENDER)
        send(CODE)
        file = tmp_path / "demo-codes.txt"
        assert capsys.readouterr() == ("", "")
        assert file.read_text().splitlines()[-1].endswith(" is 123456")
        assert "13800000001" not in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


class TestWebhook:
    def test_the_gateway_can_check_who_sent_a_code_and_what_to_send_on(
        self, send_to_gateway: WebhookCodeSender, gateway: Gateway
    ) -> None:
        send_to_gateway(CODE)
        ((headers, body),) = gateway.requests
        content = Webhook(SECRET).verify(body, headers)["data"]
        assert (content["phone"], content["code"], content["language"]) == ("+8613800000001", "123456", "en")
        assert content["text"].startswith("Lantern: your code is 123456.")
        assert content["expires_at"] == "2026-11-22T09:05:00+00:00"

    @pytest.mark.parametrize("trouble", [429, 500, 503])
    def test_a_gateway_in_trouble_is_asked_again_under_the_same_id(
        self, send_to_gateway: WebhookCodeSender, gateway: Gateway, trouble: int
    ) -> None:
        gateway.answers = [trouble]
        send_to_gateway(CODE)
        assert [headers["webhook-id"] for headers, _ in gateway.requests] == [CODE.id, CODE.id]

    def test_a_refusal_is_not_tried_again(self, send_to_gateway: WebhookCodeSender, gateway: Gateway) -> None:
        gateway.answers = [400]
        with pytest.raises(httpx.HTTPStatusError):
            send_to_gateway(CODE)
        assert len(gateway.requests) == 1


class TestMail:
    def test_a_code_goes_to_the_gateways_address_for_the_number(
        self, mail_settings: Settings, mailbox: Mailbox
    ) -> None:
        SmtpCodeSender(mail_settings, LENDER)(CODE)
        (mail,) = mailbox.mails
        assert mail.rcpt_tos == ["8613800000001@sms.example"]
        assert b"your code is 123456" in mail.content
        assert b"From: codes@lantern.example" in mail.content

    def test_a_server_that_cannot_prove_who_it_is_gets_no_code(self, mail_settings: Settings, mailbox: Mailbox) -> None:
        stranger = mail_settings.model_copy(update={"smtp_ca_file": None})
        with pytest.raises(ssl.SSLCertVerificationError):
            SmtpCodeSender(stranger, LENDER)(CODE)
        assert mailbox.mails == []

    def test_a_server_that_refuses_the_address_is_not_asked_again(
        self, mail_settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuse(*_: object) -> str:
            return "550 no such number"

        monkeypatch.setattr(mailbox, "handle_DATA", refuse)
        with pytest.raises(smtplib.SMTPDataError):
            SmtpCodeSender(mail_settings, LENDER)(CODE)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Lantern: your code is 123456. It works for 5 minutes."),
        ("zh-Hans", "【灯笼分期】验证码 123456，5 分钟内有效。"),
        ("zh-Hant", "【燈籠分期】驗證碼 123456，5 分鐘內有效。"),
    ],
)
def test_a_code_arrives_in_the_borrowers_language(language: str, words: str) -> None:
    code = OneTimeCode(CODE.conversation_id, CODE.phone, CODE.code, language, CODE.made_at)
    assert code.text(LENDER).startswith(words)


def test_a_code_is_left_out_where_it_is_printed() -> None:
    assert "123456" not in repr(CODE)


@pytest.mark.parametrize(
    ("settings", "what_to_do"),
    [
        (Settings(), "RESPITE_CODE_SENDER"),
        (Settings(code_sender="webhook"), "set RESPITE_CODE_WEBHOOK_URL and RESPITE_CODE_WEBHOOK_SECRET"),
        (Settings(code_sender="smtp", smtp_host="mail.example"), "set RESPITE_SMTP_SENDER and RESPITE_SMTP_RECIPIENT"),
    ],
)
def test_without_a_way_to_send_codes_the_reason_is_given(settings: Settings, what_to_do: str) -> None:
    with pytest.raises(CodeSenderError, match=what_to_do):
        code_sender(settings, LENDER)

"""Codes sent through a mail server, to a gateway that makes text messages of mails."""

import smtplib
import ssl
from email.message import EmailMessage

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from respite.identity.codes import OneTimeCode
from respite.languages import written_in
from respite.policies.model import Words
from respite.settings import Settings

ANSWER_SECONDS = 10


class SmtpCodeSender:
    """Mails each code to the address that RESPITE_SMTP_RECIPIENT makes of a phone number. TLS is never left out."""

    def __init__(self, settings: Settings, lender: Words) -> None:
        self._settings = settings
        self._lender = lender
        self._tls = ssl.create_default_context(cafile=settings.smtp_ca_file)

    def __call__(self, code: OneTimeCode) -> None:
        mail = EmailMessage()
        mail["From"] = self._settings.smtp_sender
        mail["To"] = self._settings.smtp_recipient.format(phone=code.phone.removeprefix("+"))
        mail["Message-ID"] = f"<{code.id}@{self._settings.smtp_sender.partition('@')[2]}>"
        mail["Subject"] = self._lender[written_in(code.language)]
        mail.set_content(code.text(self._lender))
        self._send(mail)

    @retry(
        retry=retry_if_exception_type((smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected, ConnectionError)),
        stop=stop_after_attempt(3),
        wait=wait_random_exponential(max=5),
        reraise=True,
    )
    def _send(self, mail: EmailMessage) -> None:
        settings = self._settings
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=ANSWER_SECONDS) as server:
            server.starttls(context=self._tls)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(mail)

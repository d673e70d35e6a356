"""Where this installation keeps its things; every value can be set as an environment variable RESPITE_<NAME>."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One installation: its database, its policy and the addresses of its processes."""

    model_config = SettingsConfigDict(env_prefix="RESPITE_", extra="ignore")

    home: Path = Path(".respite")
    """Folder for the embedded database, the key file and the logs."""

    database_url: str | None = None
    """SQLAlchemy URL; SQLite inside `home` when absent."""

    encryption_key: SecretStr | None = None
    """32 bytes as URL-safe base64, older keys behind it after a space; read from `home/encryption.key` when absent."""

    policy: str = "cn"
    """Name of a policy that ships with Respite (cn, us, uk) or the path of a policy file."""

    loan_book: str = "embedded"
    """Whose books say what is owed: embedded (the store's own), fineract, or `package.module:function` of your own."""

    business_date: date | None = None
    """Fixes the lender's business date, for demonstrations and tests; the lender's calendar when absent."""

    demo: bool = False
    """One-time codes are shown on the terminal instead of being sent."""

    code_sender: Literal["webhook", "smtp"] | None = None
    """How one-time codes are sent; docs/signing-in.md describes both ways."""

    code_webhook_url: HttpUrl | None = None
    code_webhook_secret: SecretStr | None = None
    """The signing secret of the webhook, as base64, with or without the prefix whsec_."""

    lender_token_key: SecretStr | None = None
    """With what the lender's own app or page signs a borrower in: an Ed25519 public key as PEM, or a shared secret."""

    lender_token_algorithm: Literal["EdDSA", "HS256"] = "EdDSA"
    lender_token_audience: str = "respite"

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = ""
    """The address that codes come from."""

    smtp_recipient: str = ""
    """The address that codes for a phone number go to, such as {phone}@sms.example.com."""

    smtp_ca_file: Path | None = None
    """Certificates to trust instead of the system's, as PEM."""

    requests_a_minute: int = 600
    """How many requests one internet address may make to the web application."""

    rate_limit_storage: str = "async+memory://"
    """Where requests are counted, as the library `limits` writes it; with several web processes, a Redis."""

    host: str = "127.0.0.1"
    web_port: int = 8000
    rasa_port: int = 5005
    actions_port: int = 5055

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'respite.db'}"

    @property
    def tracker_database(self) -> Path:
        """The SQLite file in which Rasa remembers the last turns of each conversation."""
        return self.home / "tracker.db"

    @property
    def web_url(self) -> str:
        return f"http://{self.host}:{self.web_port}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"


@cache
def settings() -> Settings:
    """The settings of this process, read once from the environment."""
    return Settings()

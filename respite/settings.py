"""Where this installation keeps its things; every value can be set as an environment variable RESPITE_<NAME>."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, FilePath, HttpUrl, SecretStr
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

    embed_origins: str = Field(default="", pattern=r"^(https?://[\w.-]+(:\d+)?( |$))*$")
    """The lender's pages that may show the chat in a frame, as origins with a space between; docs/web-chat.md."""

    theme: FilePath | None = None
    """A CSS file that sets the colours and fonts of the chat; docs/web-chat.md."""

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

    telegram_token: SecretStr | None = None
    """The token of the bot on Telegram, from @BotFather; without one there is no such channel. docs/telegram.md."""

    telegram_mode: Literal["polling", "webhook"] = "polling"
    """How messages come: by asking Telegram, for one process, or by being called, for any number of them."""

    telegram_secret: SecretStr | None = None
    """What Telegram says with each call, so that it is known; for the mode webhook."""

    telegram_webhook_url: HttpUrl | None = None
    """Where Telegram calls: the public address of /telegram/updates; for the mode webhook."""

    telegram_api_url: HttpUrl = HttpUrl("https://api.telegram.org")
    """Another address where you run a Bot API server of your own."""

    staff_idle_minutes: int = 30
    """After how long without a sign of life staff sign in to the console again."""

    staff_session_hours: int = 12
    """After how long they sign in again in any case."""

    oidc_issuer: HttpUrl | None = None
    """The OpenID provider with which staff sign in, besides local accounts; docs/staff.md."""

    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_role_claim: str = "roles"
    """Where the provider says what somebody may do; a dot leads into a claim, as in realm_access.roles."""

    oidc_roles: dict[str, Literal["agent", "supervisor", "admin"]] = {
        "agent": "agent",
        "supervisor": "supervisor",
        "admin": "admin",
    }
    """Which role each of the provider's values stands for, as JSON."""

    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """What Prometheus shows when it reads /metrics; without one, only a private network may. docs/operations.md."""

    messages_a_minute: int = 30
    """How many messages of one chat are answered at once; one that sends more is slowed."""

    requests_a_minute: int = 600
    """How many requests one internet address may make to the web application, and how many frames the sockets of one
    chat may take; also the signs that something was seen or is being written are frames."""

    rate_limit_storage: str = "async+memory://"
    """Where requests are counted, as the library `limits` writes it; with several web processes, a Redis."""

    internal_secret: SecretStr | None = None
    """With what the web application, Rasa and the action server know each other, at least 32 characters; read from
    `home/internal.secret` when absent."""

    private_network: bool = False
    """The network that Rasa and the action server are bound to is private: nobody else is in it."""

    host: str = "127.0.0.1"
    web_port: int = 8000
    rasa_host: str = "127.0.0.1"
    rasa_port: int = 5005
    actions_host: str = "127.0.0.1"
    actions_port: int = 5055

    public_url: str = Field(default_factory=lambda known: "http://{host}:{web_port}".format(**known))
    """The address under which browsers reach the web application; that of this machine when absent."""

    rasa_url: str = Field(default_factory=lambda known: "http://{rasa_host}:{rasa_port}".format(**known))
    """Where Rasa is asked; on this machine when absent."""

    actions_url: str = Field(default_factory=lambda known: "http://{actions_host}:{actions_port}".format(**known))
    """Where Rasa finds the action server; on this machine when absent."""

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


@cache
def settings() -> Settings:
    """The settings of this process, read once from the environment."""
    return Settings()

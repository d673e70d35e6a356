"""Where this installation keeps its things; every value can be set as an environment variable RESPITE_<NAME>."""

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One installation: its database, its policy and the addresses of its processes."""

    model_config = SettingsConfigDict(env_prefix="RESPITE_", extra="ignore")

    home: Path = Path(".respite")
    """Folder for the embedded database, the key file and the logs."""

    database_url: str | None = None
    """SQLAlchemy URL; SQLite inside `home` when absent."""

    encryption_key: SecretStr | None = None
    """32 bytes as URL-safe base64; read from `home/encryption.key` when absent."""

    policy: str = "cn"
    """Name of a policy that ships with Respite (cn, us, uk) or the path of a policy file."""

    business_date: date | None = None
    """Fixes the lender's business date, for demonstrations and tests; the lender's calendar when absent."""

    demo: bool = False
    """One-time codes are printed to the log instead of being sent."""

    host: str = "127.0.0.1"
    web_port: int = 8000
    rasa_port: int = 5005
    actions_port: int = 5055

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'respite.db'}"

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

"""The assistant's domain, as its file says it."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DOMAIN_FILE = Path("domain.yml")


@cache
def domain() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(DOMAIN_FILE.read_text(encoding="utf-8"))
    return content

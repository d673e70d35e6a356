"""Policies whose desk is open when a test needs it to be."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from respite.policies.load import SHIPPED
from respite.policies.support import Weekday

ALWAYS: list[dict[str, Any]] = [{"days": [day.value for day in Weekday], "begin": "00:00", "end": "00:00"}]


def write_policy(file: Path, openings: Sequence[dict[str, Any]] = ALWAYS, **support: Any) -> None:
    """Our policy for mainland China with other opening hours, and other rules for support."""
    content = yaml.safe_load((SHIPPED / "cn.yml").read_text(encoding="utf-8"))
    content["support"] |= {"opening_hours": list(openings), "holidays": []} | support
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")

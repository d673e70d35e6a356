"""The page on policies explains every key that a policy may have, and none that it may not."""

import re
from collections.abc import Iterator
from pathlib import Path

from respite.policies.model import Policy
from respite.policies.section import Section

PAGE = Path("docs/policy.md").read_text(encoding="utf-8")
EXPLAINED = set(re.findall(r"^\| `([a-z0-9_.*\[\]]+)`", PAGE, re.MULTILINE))
SHARED = re.compile(r"^(deferral|restructuring)\.(?=eligibility\.)")


def keys(section: type[Section], before: str = "") -> Iterator[str]:
    """The dotted keys of a section, `*` for names that a lender chooses and `[]` for items of a list."""
    for name, field in section.model_fields.items():
        kinds = [kind for kind in (field.annotation, *getattr(field.annotation, "__args__", ())) if is_section(kind)]
        between = {dict: ".*", tuple: "[]"}.get(getattr(field.annotation, "__origin__", None), "")
        if kinds:
            yield from keys(kinds[0], f"{before}{name}{between}.")
        else:
            yield SHARED.sub("*.", f"{before}{name}")


def is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def test_every_key_is_explained_and_no_other() -> None:
    assert set(keys(Policy)) == EXPLAINED

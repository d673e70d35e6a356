"""Policy files with something changed in them, as the lender who edits one would write it."""

from pathlib import Path

from respite.policies.load import SHIPPED


def edited(folder: Path, *changes: tuple[str, str], name: str = "lender.yml") -> Path:
    """A copy of the policy `cn` in which each text, which stands there once, is replaced by another."""
    text = (SHIPPED / "cn.yml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the policy"
        text = text.replace(old, new)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def line_of(file: Path, text: str) -> int:
    """The line of a file on which a text stands first."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)

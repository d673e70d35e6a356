"""What a commit leaves out."""

import subprocess

import pytest

from tests.lints.project import ROOT

SOURCE = ("actions", "bot", "data", "deploy", "docs", "respite", "tests")
MADE = ("__pycache__", ".pytest_cache", "static/vendor")


def test_git_ignores_no_source() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("This is not a checkout: what a commit would leave out cannot be asked.")
    listing = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", *SOURCE]
    ignored = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [file for file in ignored if not any(made in file for made in MADE)] == []

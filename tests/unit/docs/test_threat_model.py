"""Every threat of docs/threat-model.md names a test, and every test that it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def threats() -> list[str]:
    """The rows of the tables of threats."""
    _, tables = PAGE.read_text(encoding="utf-8").split("## What stops them")
    return [line for line in tables.splitlines() if line.startswith("| ") and not line.startswith("| Threat")]


def test_the_page_has_threats() -> None:
    assert len(threats()) > 30


@pytest.mark.parametrize("threat", threats())
def test_a_threat_is_met_by_tests_that_exist(threat: str) -> None:
    named = NAMED.findall(threat)
    assert named
    for file, test in named:
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert test in defined

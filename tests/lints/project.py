"""The Rasa project as its lints read it: domain, rules, training examples, and what the actions mention."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"{(\w+)}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ANY = "\0"
"""Stands for a value that is put into a string while the bot runs."""


@dataclass(frozen=True)
class Payload:
    """A button's payload, such as `/inform{"loan_reference": "…"}`."""

    where: str
    text: str

    @property
    def intent(self) -> str:
        return self.text.removeprefix("/").partition("{")[0]

    @property
    def entities(self) -> set[str]:
        values = self.text.removeprefix(f"/{self.intent}")
        return set(json.loads(values.replace(ANY, ""))) if values else set()


@cache
def domain() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8")))


def responses() -> dict[str, list[dict[str, Any]]]:
    return dict(domain()["responses"])


def steps() -> Iterator[dict[str, Any]]:
    """The steps of every rule and story."""
    for file in chain((ROOT / "data/rules").glob("*.yml"), (ROOT / "data/stories").glob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for item in content.get("rules", []) + content.get("stories", []):
            yield from item["steps"]


@cache
def examples() -> dict[str, tuple[str, ...]]:
    """The training examples of each intent, without the marks of entities."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        for item in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in item:
                lines = (line.removeprefix("- ").strip() for line in item["examples"].splitlines())
                texts = tuple(re.sub(r"\[([^]]*)\][({][^)}]*[)}]", r"\1", line) for line in lines if line)
                found[item["intent"]] = found.get(item["intent"], ()) + texts
    return found


@cache
def strings_of_actions() -> frozenset[str]:
    """Every string in the actions' code; what an f-string puts in while it runs is ANY."""
    strings = Strings()
    for file in {*(ROOT / "actions").glob("**/*.py")} - {ROOT / "actions" / "server.py"}:
        strings.visit(ast.parse(file.read_text(encoding="utf-8")))
    return frozenset(strings.found)


class Strings(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.found.add(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = (part.value if isinstance(part, ast.Constant) else ANY for part in node.values)
        self.found.add("".join(map(str, parts)))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)


def could_be(text: str, name: str) -> bool:
    """Whether a string of the code that says more than ANY could turn out as `name`."""
    return (
        text.strip(f"{ANY}_") != "" and re.fullmatch(re.escape(text).replace(re.escape(ANY), r"\w+"), name) is not None
    )


def payloads() -> Iterator[Payload]:
    """The payloads of the domain's buttons, and of those in the actions whose intent stands in the code."""
    for name, variants in responses().items():
        for variant in variants:
            for button in variant.get("buttons", []):
                yield Payload(name, button["payload"])
    for text in strings_of_actions():
        if re.match(r"/\w", text):
            yield Payload("actions", text)

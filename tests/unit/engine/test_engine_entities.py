"""The entity rules together; each kind has tests of its own."""

from pathlib import Path
from time import perf_counter

import opencc
import pytest
from reading import WEDNESDAY, found
from ruamel.yaml import YAML

from bot.engine.entities.extractor import find_entities

NLU = Path(__file__).parents[3] / "data" / "nlu"


def training_examples():
    groups = (group for file in sorted(NLU.glob("*.yml")) for group in YAML(typ="safe").load(file)["nlu"])
    lines = (line.strip() for group in groups for line in group.get("examples", "").splitlines())
    return [line.removeprefix("- ") for line in lines if line]


def test_one_sentence_many_entities():
    assert found("can i pay 500 on friday for the June bill") == [
        ("amount_of_money", "500"),
        ("date", "2026-11-20"),
        ("instalment_reference", {"month": 6}),
    ]
    assert found("手機那筆延兩個禮拜") == [("loan_reference", "phone"), ("duration", {"days": 14})]


def test_places_are_those_of_the_typed_text():
    text = "我想把　６月那期，延到下個月１５號"
    assert [text[each.start : each.end] for each in find_entities(text, WEDNESDAY)] == ["６月那期", "下個月１５號"]


@pytest.mark.parametrize("variant", ["s2t", "s2tw", "s2hk"])
def test_traditional_and_simplified_hold_the_same_entities(variant):
    to_traditional = opencc.OpenCC(variant).convert
    simplified = [text for text in training_examples()[::7] if len(to_traditional(text)) == len(text)]
    differing = [text for text in simplified if _marks(text) != _marks(to_traditional(text))]
    assert differing == []


def _marks(text):
    return [(each.entity, each.start, each.end) for each in find_entities(text, WEDNESDAY)]


@pytest.mark.parametrize("piece", ["1", "十", "- ", "1,", "one ", "a month ", "一个月", "周五", "my mum "])
def test_the_longest_message_is_read_in_no_time(piece):
    message = (piece * 2000)[:2000]
    start = perf_counter()
    find_entities(message, WEDNESDAY)
    assert perf_counter() - start < 3

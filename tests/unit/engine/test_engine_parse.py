import io
import json
import sys

import pytest

from bot.engine import parse

LINES = ["how much do I owe", "", "我想延期兩週", "/request_human", "/restart", "I'll pay $50 tomorrow", "x" * 2000]


@pytest.fixture(scope="module")
def answers(model):
    stdin, stdout = sys.stdin, sys.stdout
    sys.stdin, sys.stdout = io.StringIO("\n".join(LINES) + "\n"), io.StringIO()
    try:
        assert parse.main(["--model", str(model), "--business-date", "2026-06-10"]) == 0
        printed = sys.stdout.getvalue()
    finally:
        sys.stdin, sys.stdout = stdin, stdout
    return [json.loads(line) for line in printed.splitlines()]


def test_there_is_one_object_a_line(answers):
    assert [answer["text"] for answer in answers] == LINES
    fields = ["text", "language", "intent", "confidence", "ranking", "second_intent", "entities", "decision"]
    assert all(list(answer) == fields for answer in answers)


def test_an_intent_is_ranked_first_of_five(answers):
    bill = answers[0]
    assert bill["language"] == "en"
    assert bill["intent"] == bill["ranking"][0]["intent"] == "query_bill"
    assert bill["confidence"] == bill["ranking"][0]["confidence"]
    assert len(bill["ranking"]) == 5


def test_an_empty_line_is_unsure(answers):
    assert answers[1]["decision"] == "unsure"
    assert answers[1]["language"] is None


def test_entities_stand_where_they_were_typed(answers):
    assert answers[2]["language"] == "zh-Hant"
    assert answers[2]["entities"] == [
        {"entity": "duration", "value": {"days": 14}, "start": 4, "end": 6, "text": "兩週"}
    ]
    assert [each["value"] for each in answers[5]["entities"]] == ["50", "2026-06-11"]


def test_a_leading_slash_is_text(answers):
    assert answers[3]["text"] == "/request_human"
    assert answers[3]["confidence"] < 1.0
    assert "nlu_fallback" not in {each["intent"] for answer in answers for each in answer["ranking"]}


def test_the_decision_is_the_best_intent_or_unsure(answers):
    assert all(answer["decision"] in (answer["intent"], "unsure") for answer in answers)


def test_a_missing_model_is_said_in_a_sentence(tmp_path, capsys):
    assert parse.main(["--model", str(tmp_path / "none.tar.gz")]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "There is no model at" in printed.err

import pytest

from bot.engine.meanings import meanings


def parsed(intent, second=None):
    message = {"text": "…", "intent": {"name": intent, "confidence": 0.9}, "entities": [{"entity": "duration"}]}
    return message | ({"second_intent": {"name": second, "confidence": 0.8, "text": "…"}} if second else {})


def names(intent, second=None):
    return [meaning["intent"]["name"] for meaning in meanings(parsed(intent, second))]


def test_a_message_with_one_meaning_is_one_turn():
    assert meanings(parsed("query_bill")) == [parsed("query_bill")]


@pytest.mark.parametrize(
    ("main", "second", "answered"),
    [
        ("query_bill", "ask_credit_impact", ["query_bill", "ask_credit_impact"]),
        ("ask_credit_impact", "query_bill", ["ask_credit_impact", "query_bill"]),
        ("request_deferral", "query_bill", ["query_bill", "request_deferral"]),
        ("report_hardship", "ask_legal_action", ["ask_legal_action", "report_hardship"]),
        ("request_human", "ask_penalty", ["ask_penalty", "request_human"]),
        ("request_restructure", "request_human", ["request_human", "request_restructure"]),
        ("request_deferral", "request_waiver", ["request_waiver", "request_deferral"]),
    ],
)
def test_questions_come_first_and_what_asks_back_comes_last(main, second, answered):
    assert names(main, second) == answered


@pytest.mark.parametrize(
    "plans", [("request_deferral", "request_restructure"), ("request_restructure", "request_deferral")]
)
def test_two_kinds_of_plan_are_offered_side_by_side(plans):
    assert names(*plans) == ["report_hardship"]


@pytest.mark.parametrize(
    ("main", "second"), [("request_deferral", "promise_to_pay"), ("cancel_arrangement", "request_restructure")]
)
def test_of_two_that_ask_back_the_main_one_is_taken(main, second):
    assert names(main, second) == [main]


def test_both_turns_know_what_was_said_and_that_there_are_two():
    first, second = meanings(parsed("request_deferral", "query_bill"))
    assert (first["part_of_message"], second["part_of_message"]) == ("first", "second")
    assert first["entities"] == second["entities"] == [{"entity": "duration"}]
    assert (first["intent"]["confidence"], second["intent"]["confidence"]) == (0.8, 0.9)

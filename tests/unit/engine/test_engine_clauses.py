import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.engine.clauses import CLAUSES, clauses
from bot.engine.second_intent import SecondIntent


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How much do I owe and can I pay later?", ["How much do I owe", "can I pay later"]),
        ("what's the late fee? also when is it due", ["what's the late fee", "when is it due"]),
        ("我这个月要还多少，可以晚点还吗", ["我这个月要还多少", "可以晚点还吗"]),
        ("还款日是几号？还有怎么提前还清", ["还款日是几号", "怎么提前还清"]),
        ("when is it due", []),
        ("if I pay late, what happens", []),
        ("1,200.50 is too much", []),
        ("等发工资再还可以吗", []),
    ],
)
def test_a_message_is_split_where_a_new_clause_begins(text, parts):
    assert [text[start:end].strip() for start, end in clauses(text)] == parts


def clause(text, intent, confidence=0.9):
    return Message({"text": text, "normalised_text": text, "intent": {"name": intent, "confidence": confidence}})


def heard(main, *parts):
    intent = {"name": main, "confidence": 0.5}
    message = Message({"intent": intent, "intent_ranking": [intent], CLAUSES: list(parts)})
    SecondIntent(SecondIntent.get_default_config(), "second").process([message])
    second = message.get("second_intent")
    return message.get("intent")["name"], second and second["name"]


OWED = clause("how much do i owe", "query_bill")
LATER = clause("can i pay later", "request_deferral")


def test_two_clear_questions_are_both_heard():
    assert heard("query_bill", OWED, LATER) == ("query_bill", "request_deferral")
    assert heard("request_deferral", OWED, LATER) == ("request_deferral", "query_bill")


def test_two_clear_questions_make_an_unclear_message_clear():
    assert heard("nlu_fallback", OWED, LATER) == ("query_bill", "request_deferral")


def test_the_question_is_the_main_thing_and_not_the_complaint_round_it():
    assert heard("make_complaint", clause("you were rude", "make_complaint"), OWED) == ("query_bill", None)


@pytest.mark.parametrize(
    "other",
    [
        clause("hello there", "greet"),
        clause("i lost my job", "report_hardship"),
        clause("can i pay later", "request_deferral", 0.5),
        clause("i do not want to defer", "request_deferral"),
        OWED,
    ],
)
def test_what_is_no_second_question_is_left_out(other):
    assert heard("query_bill", OWED, other) == ("query_bill", None)


def test_a_main_intent_that_no_clause_bears_out_stands_alone():
    assert heard("report_distress", OWED, LATER) == ("report_distress", None)

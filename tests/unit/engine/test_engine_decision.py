import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.engine.decision import Decision


def decided(**confidences):
    ranking = [{"name": name, "confidence": value} for name, value in confidences.items()]
    message = Message({"normalised_text": "words", "intent": ranking[0], "intent_ranking": ranking})
    Decision({**Decision.get_default_config(), "distress_threshold": 0.2}, "decision").process([message])
    return [each["name"] for each in message.get("intent_ranking")]


def test_a_clear_intent_is_acted_on():
    assert decided(greet=0.8, thank=0.2) == ["greet", "thank"]


@pytest.mark.parametrize("confidences", [{"greet": 0.39, "thank": 0.1}, {"greet": 0.5, "thank": 0.45}])
def test_a_weak_or_ambiguous_intent_is_not_and_keeps_its_ranking(confidences):
    assert decided(**confidences) == ["nlu_fallback", "greet", "thank"]


def test_distress_wins_from_a_low_confidence_on():
    assert decided(greet=0.7, report_distress=0.2)[0] == "report_distress"
    assert decided(greet=0.7, report_distress=0.19)[0] == "greet"


def settled(text, clauses=(), **confidences):
    ranking = [{"name": name, "confidence": value} for name, value in confidences.items()]
    message = Message(
        {"normalised_text": text, "intent": ranking[0], "intent_ranking": ranking, "clauses": list(clauses)}
    )
    Decision(Decision.get_default_config(), "decision").process([message])
    return [each["name"] for each in message.get("intent_ranking")]


@pytest.mark.parametrize("text", ["", "?", ".", "...", "いくらですか", "얼마를 내야 하나요", "сколько я должен"])
def test_what_nobody_could_read_is_asked_about(text):
    assert settled(text, affirm=0.9, query_bill=0.1) == ["nlu_fallback", "out_of_scope", "affirm", "query_bill"]


def test_distress_in_one_clause_is_heard():
    clause = Message({"intent_ranking": [{"name": "report_distress", "confidence": 0.9}]})
    assert settled("words", [clause], query_bill=0.9)[0] == "report_distress"

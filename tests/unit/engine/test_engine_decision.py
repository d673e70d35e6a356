import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.engine.decision import Decision


def decided(**confidences):
    ranking = [{"name": name, "confidence": value} for name, value in confidences.items()]
    message = Message({"intent": ranking[0], "intent_ranking": ranking})
    Decision({"threshold": 0.4, "ambiguity_margin": 0.1, "distress_threshold": 0.2}).process([message])
    return [each["name"] for each in message.get("intent_ranking")]


def test_a_clear_intent_is_acted_on():
    assert decided(greet=0.8, thank=0.2) == ["greet", "thank"]


@pytest.mark.parametrize("confidences", [{"greet": 0.39, "thank": 0.1}, {"greet": 0.5, "thank": 0.45}])
def test_a_weak_or_ambiguous_intent_is_not_and_keeps_its_ranking(confidences):
    assert decided(**confidences) == ["nlu_fallback", "greet", "thank"]


def test_distress_wins_from_a_low_confidence_on():
    assert decided(greet=0.7, report_distress=0.2)[0] == "report_distress"
    assert decided(greet=0.7, report_distress=0.19)[0] == "greet"

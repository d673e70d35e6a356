import logging

import numpy as np
import pytest
from assistant import CONFIG, EXAMPLES, train_in
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine import encoder
from bot.engine.encoder import SentenceEncoder
from bot.engine.language_detector import LanguageDetector
from bot.engine.normalizer import NORMALISED_TEXT
from bot.engine.parse import Parser
from bot.engine.softmax_regression import Features, fit


def parsed(model, text):
    return Parser(model).parse(text)


def test_every_intent_is_learned_and_ranked(model):
    message = Parser(model)._understood("how much do I owe", None)
    assert {each["name"] for each in message.get("intent_ranking")} - {"nlu_fallback"} == set(EXAMPLES)
    assert sum(
        each["confidence"] for each in message.get("intent_ranking") if each["name"] != "nlu_fallback"
    ) == pytest.approx(1)


def test_simplified_and_traditional_have_the_same_ranking(model):
    parser = Parser(model)
    assert parser.parse("這個月要還多少錢")["ranking"] == parser.parse("这个月要还多少钱")["ranking"]


def test_a_phrase_of_distress_overrules_the_classifier(model):
    answer = parsed(model, "how much do I owe, I want to kill myself")
    assert (answer["intent"], answer["decision"]) == ("report_distress", "report_distress")


def test_training_twice_gives_the_same_model(model, tmp_path):
    again = train_in(tmp_path, CONFIG.read_text(encoding="utf-8"))
    assert parsed(again, "can i pay next week")["ranking"] == parsed(model, "can i pay next week")["ranking"]


def test_without_an_encoder_the_pipeline_trains_and_understands(tmp_path):
    plain = train_in(tmp_path, CONFIG.read_text(encoding="utf-8").replace("encoder: use", "encoder: none"))
    assert parsed(plain, "我要找人工客服")["intent"] == "request_human"


def an_encoder(**options):
    config = {**SentenceEncoder.get_default_config(), **options}
    return SentenceEncoder(config, "encoder")


def encoded(component, *texts):
    messages = [Message({TEXT: text, NORMALISED_TEXT: text}) for text in texts]
    component.process(messages)
    return [message.get_dense_features(TEXT)[1] for message in messages]


def test_an_encoder_that_is_not_installed_is_warned_of(monkeypatch, caplog):
    def missing():
        raise ImportError

    monkeypatch.setitem(encoder._ENCODERS, "use", missing)
    with caplog.at_level(logging.WARNING):
        assert encoded(an_encoder(), "hello") == [None]
    assert "not installed" in caplog.text


def test_an_unknown_encoder_is_refused_with_the_choices():
    with pytest.raises(InvalidConfigException, match="use, e5, none"):
        an_encoder(encoder="bert")


def test_a_repeated_text_is_encoded_once(monkeypatch):
    asked = []

    def counting(texts):
        asked.extend(texts)
        return np.ones((len(texts), 4), dtype=np.float32)

    monkeypatch.setitem(encoder._ENCODERS, "use", lambda: counting)
    component = an_encoder(cache_size=2)
    encoded(component, "hi", "hi", "pay")
    encoded(component, "hi")
    assert asked == ["hi", "pay"]
    encoded(component, "third")
    encoded(component, "pay")
    assert asked == ["hi", "pay", "third", "pay"]


@pytest.mark.parametrize(
    ("text", "metadata", "language", "entity"),
    [
        ("how much do I owe", None, "en", "en"),
        ("我欠多少錢", {}, "zh-Hant", "zh"),
        ("我欠多少钱", {"language": "zh-Hant"}, "zh-Hant", "zh"),
        ("ok", {"previous_language": "zh-Hans"}, "zh-Hans", "zh"),
    ],
)
def test_the_language_becomes_an_entity(text, metadata, language, entity):
    message = Message({TEXT: text, "metadata": metadata})
    LanguageDetector().process([message])
    assert message.get("language") == language
    assert [(each["entity"], each["value"]) for each in message.get("entities")] == [("language", entity)]


def test_no_evidence_gives_no_language():
    message = Message({TEXT: "500"})
    LanguageDetector().process([message])
    assert message.get("language") is None
    assert message.get("entities") is None


def test_confidence_on_unseen_examples_is_honest():
    random = np.random.default_rng(3)
    labels = random.integers(0, 4, 6000)
    dense = (np.eye(4)[labels] + random.normal(0, 0.8, (6000, 4))).astype(np.float32)
    features = Features(_no_ngrams(6000), dense)
    seen, unseen = np.arange(4000), np.arange(4000, 6000)
    model = fit(features[seen], list(labels[seen]), inverse_regularisation=10.0, held_out_share=0.2, seed=7)
    probabilities = model.probabilities(features[unseen])
    accuracy = (model.labels[probabilities.argmax(axis=1)] == labels[unseen]).mean()
    assert probabilities.max(axis=1).mean() == pytest.approx(accuracy, abs=0.05)


def _no_ngrams(rows):
    from scipy.sparse import csr_matrix

    return csr_matrix((rows, 1), dtype=np.float32)

import json

import pytest

from bot.engine.payloads import in_language


@pytest.mark.parametrize(("language", "told"), [("en", "en"), ("zh-Hans", "zh"), ("zh-Hant", "zh")])
def test_a_press_is_answered_in_the_language_of_the_conversation(language, told):
    assert in_language("/query_bill", language) == f'/query_bill{{"language": "{told}"}}'
    intent, _, entities = in_language('/inform{"quote_reference": "q1"}', language).partition("{")
    assert intent == "/inform"
    assert json.loads("{" + entities) == {"quote_reference": "q1", "language": told}


def test_where_no_language_is_told_the_dialogue_goes_on_in_its_own():
    assert in_language("/query_bill", None) == "/query_bill"

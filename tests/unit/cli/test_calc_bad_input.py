"""Whatever is put to `respite calc`: an answer, or one sentence that says what is wrong."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from respite.calc.questions import FORMS
from respite.calc.sentences import words_of
from respite.cli import app

LOAN = {"principal": 1000, "annual_rate_pct": 12, "n": 6, "start": "2024-01-31"}
SENSE: dict[str, dict[str, Any]] = {
    "schedule": LOAN,
    "payoff": {**LOAN, "settle": "2024-04-15"},
    "deferral": {**LOAN, "shift": {"from": "2024-02-29", "to": "2024-03-15"}},
    "restructure": {**LOAN, "extra_terms": 3},
    "cost": LOAN,
    "dpd": {**LOAN, "dates": ["2024-04-15"]},
}
WORDS = {name: sorted({word for form in forms for word in words_of(form.words)}) for name, forms in FORMS.items()}

days = st.sampled_from(["2024-02-29", "2024-02-30", "2024-03-31", "1900-01-01", "2199-12-31", "0001-01-01", "tomorrow"])
numbers = st.sampled_from([0, -1, 1, 2, 1e-9, 0.005, 99.99, 10**9, 10**40, 1e308, -1e308, True, "12", "1/0", "NaN"])
texts = st.sampled_from(["", " ", "level", "first", "30/360", "actual/actual", "flat", "1 month", "9999 months", "🙂"])
scalars = st.none() | numbers | days | texts | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["from", "to", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def put(name: str, text: str) -> None:
    result = CliRunner().invoke(app, ["calc", name], input=text)
    assert result.exit_code in (0, 2), result.exception
    if result.exit_code == 0:
        json.loads(result.stdout)
        assert result.stderr == ""
    else:
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1
        field, sentence = result.stderr.split(": ", 1)
        assert field
        assert sentence.strip().endswith((".", "?"))


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=150)
@given(data=st.data())
def test_any_values_for_the_words_are_answered_or_refused_in_a_sentence(name: str, data: st.DataObject) -> None:
    changed = data.draw(st.dictionaries(st.sampled_from(WORDS[name]), values, max_size=4))
    put(name, json.dumps(SENSE[name] | changed))


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=50)
@given(value=values)
def test_anything_but_an_object_is_refused_in_a_sentence(name: str, value: Any) -> None:
    put(name, json.dumps(value))


@settings(max_examples=100)
@given(text=st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_is_no_json_is_refused_in_a_sentence(text: str) -> None:
    put("schedule", text)


@pytest.mark.parametrize(
    "text",
    [
        '{"principal": NaN}',
        '{"principal": Infinity}',
        '{"principal": 1e999999999}',
        '{"principal": 1, "n": 1e9}',
        '{"principal": 1, "n": 1e999999999}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "{" + '"principal": 1,' * 2 + "}",
        '{"flows": ' + str([-1] * 5000) + "}",
        "null",
        "\ufeff{}",
    ],
)
@pytest.mark.parametrize("name", FORMS)
def test_the_absurd_is_refused_in_a_sentence(name: str, text: str) -> None:
    put(name, text)

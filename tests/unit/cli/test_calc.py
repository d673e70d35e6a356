"""`respite calc`: one JSON object in, one out, or a sentence that says what is wrong."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import simplejson
from typer.testing import CliRunner, Result

from respite.calc.payment_words import parse_payments
from respite.calc.questions import FORMS
from respite.calc.sentences import words_of
from respite.cli import app

PAGE = Path("docs/calc.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json (\w+)\n(.*?)```\n\n```json\n(.*?)```", PAGE, re.DOTALL)
LOAN = {"principal": 100, "annual_rate_pct": 7, "n": 6, "start": "2024-01-01"}


def calc(name: str, question: Any) -> Result:
    text = question if isinstance(question, str) else simplejson.dumps(question)
    return CliRunner().invoke(app, ["calc", name], input=text)


def answered(name: str, question: Any) -> Any:
    result = calc(name, question)
    assert result.exit_code == 0, result.stderr
    return simplejson.loads(result.stdout, use_decimal=True)


@pytest.mark.parametrize(("name", "question", "answer"), EXAMPLES, ids=[name for name, *_ in EXAMPLES])
def test_the_page_shows_what_calc_answers(name: str, question: str, answer: str) -> None:
    assert answered(name, question) == simplejson.loads(answer, use_decimal=True)


def test_the_page_has_an_example_of_each_question() -> None:
    assert sorted(name for name, *_ in EXAMPLES) == sorted(FORMS)


def test_the_page_explains_every_word() -> None:
    understood = {word for forms in FORMS.values() for form in forms for word in words_of(form.words)}
    explained = set(re.findall(r"`(\w+)`", PAGE))
    assert understood - explained <= {
        "paid2",
        "installment_multiple_of",
        "installment",
        "grace_days_deducted",
    }


def test_amounts_have_the_decimals_of_their_currency() -> None:
    assert '"last": 17.00' in calc("schedule", LOAN).stdout
    in_yen = answered("schedule", {**LOAN, "principal": 10000, "currency": "JPY"})
    assert in_yen["emi"] == 1701
    assert '"emi": 1701,' in calc("schedule", {**LOAN, "principal": 10000, "currency": "JPY"}).stdout


def test_amounts_may_be_strings() -> None:
    as_text = {**LOAN, "principal": "331.77", "annual_rate_pct": "10.65"}
    assert answered("schedule", as_text) == answered("schedule", as_text | {"principal": Decimal("331.77")})


def test_one_instalment_repays_all() -> None:
    (row,) = answered("schedule", {**LOAN, "n": 1})["rows"]
    assert (row["principal"], row["interest"], row["balance"]) == (100, Decimal("0.58"), 0)


def test_a_fixed_payment_decides_the_number_of_instalments() -> None:
    fixed = {"principal": 100, "annual_rate_pct": 7, "start": "2024-01-01", "payment": 30}
    assert [row["total"] for row in answered("schedule", fixed)["rows"]] == [30, 30, 30, Decimal("11.30")]


def test_a_principal_holiday_of_two_has_two_payments_of_interest() -> None:
    plan = {**LOAN, "annual_rate_pct": 12, "grace_on_principal": 2, "from": "2024-03-01"}
    agreed, rows = answered("schedule", {**LOAN, "annual_rate_pct": 12}), answered("deferral", plan)["rows"]
    interest = agreed["rows"][1]["interest"]
    assert [(row["principal"], row["interest"]) for row in rows[1:3]] == [(0, interest)] * 2
    assert [row["total"] for row in rows[3:]] == [row["total"] for row in agreed["rows"][1:]]


def test_agreed_grace_on_interest_postpones_and_waives_nothing() -> None:
    postponed = answered("schedule", {**LOAN, "grace_on_interest": 2})
    assert [row["interest"] for row in postponed["rows"][:3]] == [0, 0, Decimal("1.46")]
    assert postponed["interest_total"] == answered("schedule", LOAN)["interest_total"]


def test_the_chatbots_deferral_moves_one_instalment() -> None:
    plan = {**LOAN, "shift": {"from": "2024-02-01", "to": "2024-02-20"}, "tail": "stays"}
    dues = [row["due"] for row in answered("deferral", plan)["rows"]]
    assert dues[:2] == ["2024-02-20", "2024-03-01"]


def test_extension_and_rate_reduction_are_combined() -> None:
    plan = {**LOAN, "extra_terms": 3, "new_rate_pct": 0, "from": "2024-03-01"}
    rows = answered("restructure", plan)["rows"]
    assert len(rows) == 9
    assert [row["interest"] for row in rows[1:]] == [0] * 8


def test_re_ageing_leaves_out_waived_penalty() -> None:
    late = {
        **LOAN,
        "penalty_rate_pct": 36,
        "late_fee": 5,
        "re_age_on": "2024-03-15",
        "first_due": "2024-04-01",
    }
    charged = answered("restructure", late | {"n_new": 6})
    waived = answered("restructure", late | {"n_new": 6, "waive_penalty": True})
    owed = charged["before"]["penalty"] + charged["before"]["late_fees"]
    assert owed > 10
    assert charged["total"] - waived["total"] == owed
    assert charged["after"]["past_due"] == 0


def test_overdue_principal_bears_ordinary_interest_without_a_penalty_rate() -> None:
    question = {**LOAN, "settle": "2024-08-01"}
    ordinary = answered("payoff", question)
    charged = answered("payoff", {**question, "penalty_rate_pct": 20})
    assert ordinary["penalty"] == 0
    assert ordinary["interest"] > charged["interest"] == Decimal("2.05")
    assert charged["penalty"] > 0


def test_a_rate_of_days_needs_dates() -> None:
    undated = {"principal": 1000, "monthly_flat_pct": 1, "n": 12}
    assert answered("cost", undated)["effective_annual_rate_pct"] == Decimal("23.70")
    assert "start" in calc("cost", {**undated, "convention": "eu_uk"}).stderr


@pytest.mark.parametrize(
    ("payments", "last_day"),
    [
        ("2 x 300 quarterly", date(2025, 7, 1)),
        ("26 x 40 bi-weekly", date(2025, 12, 31)),
        ("3 x 300 semi-monthly", date(2025, 2, 16)),
        ("600 then 500 yearly", date(2027, 1, 1)),
    ],
)
def test_payments_in_words_fall_due_at_their_steps(payments: str, last_day: date) -> None:
    assert parse_payments(payments).days(None, date(2025, 1, 1))[-1] == last_day


REFUSED = [
    ("schedule", "", "input: Nothing came in"),
    ("schedule", "principal=100", "input: This is no JSON at line 1"),
    ("schedule", "[100]", "input: Give one JSON object"),
    ("schedule", '{"n": 3, "n": 4}', "n: This word is given twice"),
    ("schedule", {**LOAN, "principal": 0}, "principal: Give a number above 0."),
    ("schedule", {**LOAN, "principal": -5}, "principal: Give a number above 0."),
    ("schedule", {**LOAN, "principal": True}, "principal: Write a number"),
    ("schedule", {**LOAN, "principal": 100.005}, "principal: Round 100.005"),
    ("schedule", {**LOAN, "principal": 10**14}, "principal: Give a number of at most 1000000000000."),
    ("schedule", {**LOAN, "n": 0}, "n: Give a number of at least 1."),
    ("schedule", {**LOAN, "n": 2.5}, "n: Write a whole number"),
    ("schedule", {**LOAN, "n": None}, "n: Give the number of instalments"),
    ("schedule", {**LOAN, "start": "2024-02-31"}, "start: 2024-02-31 is not in the calendar"),
    ("schedule", {**LOAN, "start": "9999-01-01"}, "start: 9999-01-01 is out of range"),
    ("schedule", {**LOAN, "start": "1 May 2024"}, "start: Write a date as YYYY-MM-DD"),
    ("schedule", {**LOAN, "first_due": "2023-12-01"}, "first_due: The first instalment cannot fall due before"),
    ("schedule", {**LOAN, "currency": "XYZ"}, "currency: 'XYZ' is not a currency"),
    (
        "schedule",
        {**LOAN, "principle": 100},
        "principle: This word is not understood in this question; did you mean",
    ),
    ("schedule", {**LOAN, "pv": 100}, "pv: This word says the same as another one"),
    ("schedule", {**LOAN, "monthly_flat_pct": 1, "method": "bullet"}, "annual_rate_pct: Give one rate"),
    (
        "schedule",
        {**LOAN, "interest": "flat", "method": "bullet"},
        "interest: Flat interest does not go with",
    ),
    ("schedule", {**LOAN, "day_count": "30/365"}, "day_count: Choose one of '30/360'"),
    ("schedule", {**LOAN, "every": "now and then"}, "every: Write the step"),
    ("schedule", {**LOAN, "rounding": "sideways"}, "rounding: Name one of half_up"),
    ("schedule", {**LOAN, "down_payment": 100}, "down_payment: The down payment must be less"),
    ("schedule", {**LOAN, "grace_on_principal": 6}, "grace_on_principal: Give fewer instalments"),
    ("schedule", {**LOAN, "broken_days": 3, "first_due": "2024-02-05"}, "broken_days: Give 4, the days"),
    ("schedule", {"principal": 100, "n": 3, "every_days": 15}, "start: Say on which day the loan starts."),
    ("schedule", {"annual_rate_pct": 7, "n": 3}, "principal: Say how much is lent"),
    ("schedule", {"rate_per_period": "1/0", "n": 3, "pv": 1}, "rate_per_period: Write a number or a sum"),
    ("payoff", LOAN, "settle: This word is missing"),
    ("payoff", {**LOAN, "settle": "2023-01-01"}, "as_of: Give a day on or after the start"),
    (
        "payoff",
        {**LOAN, "settle": "2024-02-01", "payments": [["2024-01-15", -1]]},
        "payments.0.1: Give a number",
    ),
    (
        "payoff",
        {**LOAN, "settle": "2024-02-01", "payments": [["2023-01-15", 1]]},
        "payments: Give payments on or",
    ),
    ("deferral", LOAN, "shift: Say what waits"),
    (
        "deferral",
        {**LOAN, "shift": {"from": "2024-02-02", "to": "2024-03-01"}},
        "shift.from: Nothing unpaid is due",
    ),
    ("deferral", {**LOAN, "shift": {"from": "2024-02-01", "to": "2024-01-20"}}, "shift.to: An instalment is"),
    (
        "deferral",
        {**LOAN, "pause": ["2024-03-01", "2024-02-01"]},
        "pause: A pause cannot end before it begins.",
    ),
    (
        "deferral",
        {**LOAN, "payments": [["2024-01-15", 200]], "pause": ["2024-02-01", "2024-02-02"]},
        "payments: Give less than settles the loan",
    ),
    ("schedule", {**LOAN, "n": 10**9}, "n: Give a whole number of at most 10000"),
    ("restructure", LOAN, "extra_terms: Say what changes"),
    ("restructure", {"outstanding_principal": 100}, "first_due: Say when the first new instalment"),
    ("cost", {"advance": 100, "date": "2024-01-01", "payments": "plenty"}, "payments: Write [[date, amount]"),
    ("cost", {"advance": 100, "payments": "2 x 60 monthly"}, "advance_date: Say on which day"),
    (
        "cost",
        {"advance": 9, "date": "2024-01-01", "payments": [["2024-01-01", 10]]},
        "payments: Give payments on",
    ),
    ("cost", {"flows": []}, "flows: Give at least"),
    ("dpd", {"unpaid_due": "2024-01-01"}, "dates: This word is missing"),
    ("dpd", {"unpaid_due": "2024-01-01", "as_of": "2024-02-01", "buckets": {"late": 1}}, "buckets: Let one"),
]


@pytest.mark.parametrize(("name", "question", "sentence"), REFUSED, ids=[sentence for *_, sentence in REFUSED])
def test_a_bad_question_is_refused_in_a_sentence_that_names_the_word(name: str, question: Any, sentence: str) -> None:
    result = calc(name, question)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1

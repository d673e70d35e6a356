"""Whether there is enough to learn from, in both languages, and nothing that contradicts itself."""

from collections import defaultdict

import pytest

from tests.lints import project

IN_TROUBLE = {
    "query_bill",
    "query_due_date",
    "query_overdue",
    "query_payoff",
    "ask_overdue_consequences",
    "ask_credit_impact",
    "ask_penalty",
    "ask_legal_action",
    "ask_minimum_payment",
    "ask_plan_difference",
    "request_deferral",
    "request_restructure",
    "request_waiver",
    "report_hardship",
    "report_distress",
    "promise_to_pay",
    "cancel_arrangement",
    "dispute_bill",
    "request_human",
    "make_complaint",
    "stop_contact",
}
"""What a borrower in trouble says."""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("intent", sorted(project.examples()))
def test_an_intent_has_enough_examples_in_each_language(intent: str, language: str) -> None:
    found = {
        text for text in project.examples()[intent] if (project.CHINESE.search(text) is not None) == (language == "zh")
    }

    assert len(found) >= (40 if intent in IN_TROUBLE else 20)


def test_no_example_belongs_to_two_intents() -> None:
    intents = defaultdict(set)
    for intent, texts in project.examples().items():
        for text in texts:
            intents[text.casefold()].add(intent)

    assert {text: belongs for text, belongs in intents.items() if len(belongs) > 1} == {}

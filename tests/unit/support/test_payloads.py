"""What buttons mean to the bot, and who answers them."""

import pytest

from respite.support.payloads import is_for_the_bot, payload


def test_a_payload_is_an_intent_with_its_entities() -> None:
    assert payload("begin_afresh") == "/begin_afresh"
    assert payload("inform", quote_reference="q1") == '/inform{"quote_reference": "q1"}'


@pytest.mark.parametrize(
    "pressed", ["/affirm", '/affirm{"quote_reference": "q1"}', "/deny", '/inform{"quote_reference": "q1"}']
)
def test_a_plan_that_is_offered_is_the_borrowers_own_matter(pressed: str) -> None:
    assert is_for_the_bot(pressed, plan_is_offered=True)
    assert not is_for_the_bot(pressed, plan_is_offered=False)


@pytest.mark.parametrize("pressed", ["/verify_identity", payload("rate_conversation", rating="5")])
def test_so_is_who_they_are_and_how_it_was(pressed: str) -> None:
    assert is_for_the_bot(pressed, plan_is_offered=False)


@pytest.mark.parametrize(
    "pressed", ["/query_bill", "/request_human", '/inform{"loan_reference": "L-1"}', "/affirmative"]
)
def test_everything_else_is_for_the_person_who_has_the_conversation(pressed: str) -> None:
    assert not is_for_the_bot(pressed, plan_is_offered=True)

"""One case on paper: everything that led to it, and nothing of anybody else."""

import json
from typing import Any

import pytest

from respite.store.models import Handoff
from respite.store.session import transaction
from respite.support.case_files import UnknownReferenceError, case_file
from respite.support.cases import open_case
from respite.support.handoffs import request_handoff
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def read(reference: str) -> dict[str, Any]:
    with transaction() as session:
        return case_file(session, reference)


@pytest.fixture
def booked() -> str:
    """The reference of a plan that was quoted and consented to."""
    return desk.consent(desk.quote_deferral(desk.lend("due_soon"))).plan.reference


def test_a_plans_case_leads_from_the_quote_to_the_booking(booked: str) -> None:
    case = read(booked)
    assert [quote["state"] for quote in case["quotes"]] == ["accepted"]
    assert [plan["reference"] for plan in case["plans"]] == [booked]
    assert [entry["action"] for entry in case["audit_trail"]] == ["plan_quoted", "plan_booked"]


def test_a_case_is_plain_json(booked: str) -> None:
    assert json.loads(json.dumps(read(booked)))["reference"] == booked


def test_a_case_tells_no_key_to_the_store(booked: str) -> None:
    assert "chat_key" not in json.dumps(read(booked))


def test_nothing_of_another_borrower_is_in_it(booked: str) -> None:
    other = desk.consent(desk.quote_deferral(desk.lend("due_soon"))).plan.reference
    assert other not in json.dumps(read(booked))


def test_a_dispute_leads_to_what_was_said() -> None:
    with transaction() as session:
        conversation = desk.converse(session, None)
        case = open_case(session, conversation.id, "dispute", "I never bought this", desk.NOW)
    found = read(case.reference)
    assert [opened["statement"] for opened in found["disputes_and_complaints"]] == ["I never bought this"]
    assert [entry["action"] for entry in found["audit_trail"]] == ["dispute_opened"]


def test_a_request_for_a_person_leads_to_its_conversation() -> None:
    with transaction() as session:
        conversation = desk.converse(session, None)
        handoff: Handoff = request_handoff(session, conversation.id, "asked", desk.NOW)
    assert read(handoff.reference)["conversation"]["id"] == conversation.id


@pytest.mark.parametrize("reference", ["P-222222", "C-222222", "H-222222", ""])
def test_an_unknown_reference_is_refused(reference: str) -> None:
    with pytest.raises(UnknownReferenceError, match="reference of a plan"):
        read(reference)

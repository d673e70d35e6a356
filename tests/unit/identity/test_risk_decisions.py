"""Decisions of risk control: kept with their reasons, told to staff, and made again under another policy."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.challenges import State
from respite.identity.risk.decisions import risk_decisions_of
from respite.identity.risk.replaying import replay
from respite.identity.verification import begin, request_code
from respite.policies.load import policy
from respite.privacy.erasing import erase
from respite.privacy.personal_data import personal_data
from respite.privacy.retention import forget_old_messages
from respite.store.models import AuditEntry, Borrower, Conversation, Handoff, RiskDecision, Verification
from tests.unit.identity.conftest import NOW, PHONE, Phone, new_chat, sign_in
from tests.unit.plans.desk import rules

HOME = "203.0.113.7"


def try_from_many_places(session: Session) -> None:
    """Somebody asks for codes for PHONE from one address after the other."""
    for place in range(3):
        chat = new_chat(session)
        begin(session, chat, NOW)
        request_code(session, chat, PHONE, NOW, lambda _: None, f"192.0.2.{place}")


def test_an_ordinary_sign_in_is_allowed_and_kept_with_its_reasons(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    assert sign_in(session, chat, phone, address=HOME).state == State.VERIFIED
    [decision] = risk_decisions_of(session, mei.id)
    assert (decision.occasion, decision.outcome, decision.conversation_id) == ("sign_in", "allow", chat)
    assert (decision.score, decision.signals) == (20, {"new_chat": 10, "new_address": 10})
    assert decision.policy_version == policy().version


def test_a_doubtful_sign_in_succeeds_but_its_code_is_not_fresh(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    try_from_many_places(session)
    assert sign_in(session, chat, phone, address=HOME).state == State.VERIFIED
    assert risk_decisions_of(session, mei.id)[0].outcome == "step_up"
    assert session.get_one(Verification, chat).code_accepted_at is None


def test_a_refused_sign_in_opens_nothing_and_staff_are_told(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    outcome = sign_in(session, chat, phone, rules=rules(identity__risk__signals__new_chat__weight=80))
    assert outcome.state == State.REFUSED
    assert outcome.borrower_id is None
    assert session.get_one(Conversation, chat).signed_in_borrower is None
    handoff = session.scalars(select(Handoff)).one()
    assert (handoff.conversation_id, handoff.reason) == (chat, "identity")


def test_a_refused_borrower_may_try_again_once_the_reasons_are_gone(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone, rules=rules(identity__risk__signals__new_chat__weight=80))
    assert sign_in(session, chat, phone).state == State.VERIFIED


def test_a_decision_holds_no_personal_data_and_stands_in_the_audit_trail(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone, address=HOME)
    decision = risk_decisions_of(session, mei.id)[0]
    for secret in (PHONE, PHONE[3:], mei.name, HOME):
        assert secret not in str((decision.facts, decision.signals))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "risk_decided")).one()
    assert entry.details == {"decision": decision.id, "occasion": "sign_in", "outcome": "allow", "score": 20}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "allow"),
        ({"identity__risk__step_up_from": 20}, "step_up"),
        ({"identity__risk__signals__new_chat__weight": 90}, "refuse"),
        ({"identity__risk__signals__new_address__weight": 0}, "allow"),
    ],
)
def test_a_changed_policy_judges_the_decisions_of_then(
    session: Session, chat: str, mei: Borrower, phone: Phone, changes: dict[str, int], outcome: str
) -> None:
    sign_in(session, chat, phone, address=HOME)
    before = session.scalars(select(RiskDecision.outcome)).all()
    [replayed] = replay(session, rules(**changes).identity.risk)
    assert replayed.anew.outcome == outcome
    assert replayed.is_other == (outcome != "allow")
    assert replayed.change == ("sign_in", "allow", outcome)
    assert session.scalars(select(RiskDecision.outcome)).all() == before, "nothing is decided anew"


def test_the_newest_decision_comes_first(session: Session, chat: str, mei: Borrower, phone: Phone) -> None:
    sign_in(session, chat, phone)
    second = new_chat(session)
    sign_in(session, second, phone)
    assert [decision.conversation_id for decision in risk_decisions_of(session, mei.id)] == [second, chat]


def test_a_decision_goes_with_the_messages_of_its_time(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone)
    kept_for = timedelta(days=policy().records.message_days)
    forget_old_messages(session, policy(), NOW + kept_for)
    assert len(risk_decisions_of(session, mei.id)) == 1
    forget_old_messages(session, policy(), NOW + kept_for + timedelta(seconds=1))
    assert risk_decisions_of(session, mei.id) == []


def test_a_decision_is_handed_out_and_erased_with_the_borrowers_data(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone)
    [conversation] = personal_data(session, mei)["conversations"]
    assert [decision["occasion"] for decision in conversation["risk_decisions"]] == ["sign_in"]
    erase(session, mei, policy(), NOW.date(), "staff:ann", NOW)
    assert risk_decisions_of(session, mei.id) == []

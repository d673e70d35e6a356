"""Who is given the next conversation: by language, skill and room, and back to whoever knows the borrower."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from respite.policies.model import Policy
from respite.staff.roles import StaffRole
from respite.store.session import transaction
from respite.support.assignment import assign_waiting
from respite.support.presence import (
    colleagues,
    give_a_break,
    is_present,
    leave,
    stay_present,
    still_present,
    take_conversations,
)
from tests.unit.support import crew
from tests.unit.support.crew import HOUR, MINUTE, NOW

pytestmark = pytest.mark.usefixtures("store_url")


def assign(rules: Policy | None = None, now: datetime = NOW) -> Sequence[str]:
    """The conversations that are given out."""
    with transaction() as session:
        return [handoff.conversation_id for handoff in assign_waiting(session, rules or crew.always_open(), now)]


def owner_id(conversation_id: str) -> int | None:
    return crew.handoff(conversation_id).staff_id


def test_it_goes_to_somebody_who_is_there_and_the_borrower_sees_who() -> None:
    crew.hire("Gone", now=NOW - HOUR)
    crew.hire("Never there", now=None)
    lin, conversation_id = crew.hire(), crew.waiting()
    assert assign() == [conversation_id]
    assert owner_id(conversation_id) == lin.id
    assert crew.said(conversation_id)[0].startswith("Lin, a member of our staff, has joined.")


def test_it_goes_to_somebody_who_speaks_the_language() -> None:
    crew.hire("Grace", languages=("en",))
    lin = crew.hire(languages=("zh",))
    conversation_id = crew.waiting(language="zh-Hant")
    assign()
    assert owner_id(conversation_id) == lin.id


def test_what_needs_a_skill_goes_to_somebody_who_has_it() -> None:
    crew.hire("Grace")
    lin = crew.hire(skills=("complaints",))
    conversation_id = crew.waiting("complaint")
    assign()
    assert owner_id(conversation_id) == lin.id


def test_where_nobody_can_help_it_waits() -> None:
    crew.hire("Grace", languages=("en",))
    conversation_id = crew.waiting(language="zh-Hans")
    assert assign() == []
    assert crew.handoff(conversation_id).state == "waiting"


def test_nobody_is_given_more_than_they_can_have_and_freed_room_takes_what_is_due_first() -> None:
    lin = crew.hire(capacity=1)
    later, sooner, urgent = crew.waiting(), crew.waiting(now=NOW - MINUTE), crew.waiting("distress", rules=any_skill())
    assert assign() == [urgent]
    assert assign() == []
    crew.give_back(urgent, lin)
    assert assign() == [sooner]
    crew.give_back(sooner, lin)
    assert assign() == [later]


def any_skill() -> Policy:
    """Distress is for anybody."""
    return crew.always_open(support__service={"distress": {"priority": "urgent", "answer_minutes": 5}})


def test_it_goes_to_whoever_has_the_least_to_do() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    crew.taken(lin)
    conversation_id = crew.waiting()
    assign()
    assert owner_id(conversation_id) == grace.id


def test_with_as_much_to_do_whoever_has_waited_longest_is_next() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    crew.ended(lin)
    conversation_id = crew.waiting()
    assign()
    assert owner_id(conversation_id) == grace.id


def test_several_at_once_are_spread() -> None:
    staff = [crew.hire(name) for name in ("Ann", "Ben", "Cai")]
    waiting = [crew.waiting() for _ in range(3)]
    assign()
    assert sorted(map(owner_id, waiting), key=str) == sorted((member.id for member in staff), key=str)


class TestComingBack:
    def test_within_a_day_the_borrower_gets_the_same_person(self) -> None:
        lin, _ = crew.hire(), crew.hire("Grace")
        conversation_id = crew.ended(lin)
        crew.taken(lin)
        crew.ask(conversation_id)
        assign()
        assert owner_id(conversation_id) == lin.id

    def test_by_hand_too(self) -> None:
        lin, rules = crew.hire(), crew.always_open(support__assignment="by_hand")
        known, new = crew.ended(lin), crew.waiting()
        crew.ask(known)
        assert assign(rules) == [known]
        assert crew.handoff(new).state == "waiting"

    def test_if_they_are_not_there_somebody_else_goes_on(self) -> None:
        lin, grace = crew.hire(), crew.hire("Grace")
        conversation_id = crew.ended(lin)
        with transaction() as session:
            leave(session, lin, NOW)
        crew.ask(conversation_id)
        assign()
        assert owner_id(conversation_id) == grace.id


class TestPresence:
    def test_whoever_has_a_break_keeps_what_they_have_and_gets_nothing_new(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        with transaction() as session:
            take_conversations(session, lin, False, NOW)
        crew.waiting()
        assert assign() == []
        assert owner_id(conversation_id) == lin.id

    def test_who_looks_after_the_accounts_gets_none_unless_they_want_some(self) -> None:
        ada, conversation_id = crew.hire("Ada", StaffRole.ADMIN), crew.waiting()
        assert assign() == []
        with transaction() as session:
            take_conversations(session, ada, True, NOW)
        assert assign() == [conversation_id]

    def test_a_console_that_shows_no_sign_for_a_minute_is_closed(self) -> None:
        lin = crew.hire()
        with transaction() as session:
            assert is_present(session, lin.id, NOW + 59 * MINUTE / 60)
            assert not is_present(session, lin.id, NOW + MINUTE)
            stay_present(session, lin, NOW + MINUTE)
            assert is_present(session, lin.id, NOW + MINUTE)
            leave(session, lin, NOW + MINUTE)
            assert not is_present(session, lin.id, NOW + MINUTE)

    def test_whoever_is_still_there_is_there_also_where_their_coming_was_not_noted(self) -> None:
        noted, missed = crew.hire(now=NOW - HOUR), crew.hire("Grace", now=None)
        with transaction() as session:
            still_present(session, [noted.id, missed.id], NOW)
            assert {each.member.name: each.room for each in colleagues(session, NOW)} == {"Lin": 4, "Grace": 4}

    def test_colleagues_are_shown_with_what_they_have(self) -> None:
        lin = crew.hire(capacity=3)
        crew.hire("Grace", now=None)
        crew.taken(lin)
        with transaction() as session:
            shown = {each.member.name: (each.is_present, each.load, each.room) for each in colleagues(session, NOW)}
        assert shown == {"Lin": (True, 1, 2), "Grace": (False, 0, 0)}

    def test_somebody_who_was_given_a_break_has_no_room(self) -> None:
        lin = crew.hire()
        with transaction() as session:
            give_a_break(session, lin.id)
            assert [each.room for each in colleagues(session, NOW)] == [0]

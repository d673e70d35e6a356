"""A conversation goes on to a colleague or to a team."""

import pytest

from respite.staff.accounts import actor_of, deactivate
from respite.store.models import StaffMember
from respite.store.session import transaction
from respite.support.notes import notes_of
from respite.support.ownership import NotOwnerError
from respite.support.passing_on import ColleagueAwayError, UnknownTeamError, put_back, transfer, transfer_to_team
from tests.unit.support import crew
from tests.unit.support.crew import HOUR, NOW, SOON

pytestmark = pytest.mark.usefixtures("store_url")


def pass_to(conversation_id: str, by: StaffMember, to: StaffMember, about: str = "Knows the case.") -> None:
    with transaction() as session:
        transfer(session, conversation_id, by, to.id, about, NOW + SOON)


def pass_to_team(conversation_id: str, by: StaffMember, skill: str) -> None:
    with transaction() as session:
        transfer_to_team(session, conversation_id, by, skill, "Disputes a charge.", crew.always_open(), NOW + SOON)


def test_a_colleague_goes_on_and_the_borrower_is_told() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    conversation_id = crew.taken(lin)
    pass_to(conversation_id, lin, grace)
    handoff = crew.handoff(conversation_id)
    assert (handoff.state, handoff.staff_id, handoff.taken_at) == ("taken", grace.id, NOW + SOON)
    assert crew.conversation(conversation_id).owner == actor_of(grace)
    assert crew.said(conversation_id)[-1] == "Lin has passed you on to Grace, who goes on from here."
    assert crew.trail("handoff_taken", "handoff_transferred") == ["handoff_taken", "handoff_transferred"]


def test_the_note_that_goes_with_it_is_private() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    conversation_id = crew.taken(lin)
    pass_to(conversation_id, lin, grace, "Sounds tired.")
    with transaction() as session:
        assert [(note.author, note.text) for note in notes_of(session, conversation_id)] == [
            (actor_of(lin), "Sounds tired.")
        ]
    assert "Sounds tired." not in " ".join(crew.said(conversation_id))


def test_somebody_who_is_not_there_is_passed_nothing() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    for away in (crew.hire("Grace", now=None), crew.hire("Wei", now=NOW - HOUR)):
        with pytest.raises(ColleagueAwayError):
            pass_to(conversation_id, lin, away)
    assert crew.handoff(conversation_id).staff_id == lin.id


def test_somebody_who_works_here_no_more_is_passed_nothing() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    conversation_id = crew.taken(lin)
    with transaction() as session:
        deactivate(session, session.merge(grace), "system", NOW)
    with pytest.raises(ColleagueAwayError):
        pass_to(conversation_id, lin, grace)


def test_only_the_owner_passes_on() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    conversation_id = crew.taken(lin)
    with pytest.raises(NotOwnerError):
        pass_to(conversation_id, grace, grace)
    assert crew.handoff(conversation_id).staff_id == lin.id


def test_passing_on_twice_passes_on_once() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    conversation_id = crew.taken(lin)
    pass_to(conversation_id, lin, grace)
    with pytest.raises(NotOwnerError):
        pass_to(conversation_id, lin, grace)
    assert crew.trail("handoff_transferred") == ["handoff_transferred"]


def test_a_team_gets_it_in_line_and_the_bot_answers_meanwhile() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    due_at = crew.handoff(conversation_id).due_at
    pass_to_team(conversation_id, lin, "disputes")
    handoff = crew.handoff(conversation_id)
    assert (handoff.state, handoff.skill, handoff.staff_id, handoff.due_at) == ("waiting", "disputes", None, due_at)
    assert crew.conversation(conversation_id).owner == "bot"
    assert handoff.reference in crew.said(conversation_id)[-1]


def test_there_is_no_team_that_the_policy_does_not_name() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    with pytest.raises(UnknownTeamError, match="Choose one of hardship, disputes, complaints"):
        pass_to_team(conversation_id, lin, "poetry")
    assert crew.handoff(conversation_id).staff_id == lin.id


def test_what_is_put_back_keeps_its_deadline_and_leaves_its_owner() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    due_at = crew.handoff(conversation_id).due_at
    with transaction() as session:
        assert put_back(session, conversation_id, lin, "silent", NOW + HOUR)
    handoff = crew.handoff(conversation_id)
    assert (handoff.state, handoff.staff_id, handoff.due_at, handoff.first_taken_at) == ("waiting", None, due_at, NOW)
    assert crew.said(conversation_id)[-1].startswith("Lin had to leave. You are in line for a colleague")


def test_what_somebody_else_took_a_moment_ago_is_not_put_back() -> None:
    lin, grace = crew.hire(), crew.hire("Grace")
    conversation_id = crew.taken(lin)
    pass_to(conversation_id, lin, grace)
    with transaction() as session:
        assert not put_back(session, conversation_id, lin, "silent", NOW + HOUR)
    assert crew.handoff(conversation_id).staff_id == grace.id

"""What the bot solves alone: one chat on one day is one contact, and it is the bot's unless a person came in."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.reports.containment import containment
from respite.reports.proportions import Proportion
from respite.store.models import InboxMessage
from respite.support.fresh_start import let_the_bot_begin_afresh
from tests.unit.reports.conftest import MINUTE, MONDAY, WEEK, Ask, chat, say

DAY = timedelta(days=1)


def test_several_messages_in_one_chat_on_one_day_are_one_contact(session: Session, rules: Policy) -> None:
    conversation = chat(session)
    for minutes in range(3):
        say(session, conversation, MONDAY + minutes * MINUTE)
    say(session, conversation, MONDAY + DAY)

    found = containment(session, rules, WEEK)
    assert found.total == Proportion(2, 2)
    assert found.by_day[WEEK.first] == Proportion(1, 1)


def test_a_day_on_which_a_person_was_asked_for_is_not_solved_by_the_bot(
    session: Session, rules: Policy, ask: Ask
) -> None:
    conversation = chat(session)
    for day in range(2):
        say(session, conversation, MONDAY + day * DAY)
    ask(MONDAY + 5 * MINUTE, conversation_id=conversation.id)

    found = containment(session, rules, WEEK)
    assert found.total == Proportion(1, 2)
    assert found.by_day[WEEK.first] == Proportion(0, 1)


def test_messages_to_a_person_or_without_an_answer_are_not_solved_by_the_bot(session: Session, rules: Policy) -> None:
    for state in ("for_staff", "dead", "pending"):
        say(session, chat(session), MONDAY, state)

    assert containment(session, rules, WEEK).total == Proportion(0, 3)


def test_what_we_tell_the_bot_ourselves_is_no_contact(session: Session, rules: Policy) -> None:
    conversation = chat(session)
    let_the_bot_begin_afresh(session, conversation.id, MONDAY)
    session.scalars(select(InboxMessage)).one().state = "answered"

    assert containment(session, rules, WEEK).total == Proportion(0, 0)


def test_other_days_do_not_count(session: Session, rules: Policy) -> None:
    say(session, chat(session), MONDAY - DAY)
    say(session, chat(session), MONDAY + 7 * DAY)

    assert containment(session, rules, WEEK).total == Proportion(0, 0)

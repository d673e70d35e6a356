"""Who is given the next conversation: whoever talked to this borrower last, or somebody who speaks and knows enough."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.models import Handoff
from respite.support.ownership import TakeoverRefusedError
from respite.support.presence import Colleague, colleagues
from respite.support.queue import in_line
from respite.support.sweeping import is_undisturbed
from respite.support.takeover import claim

NEVER = datetime.min.replace(tzinfo=UTC)


def assign_waiting(session: Session, policy: Policy, now: datetime) -> Sequence[Handoff]:
    """Give those in line, in order, to members of staff with room for them; returns what was given.

    By hand, only those who come back are given to the person who knows them.
    """
    there = [colleague for colleague in colleagues(session, now) if colleague.room]
    is_automatic = policy.support.assignment == "automatic"
    given: Counter[int] = Counter()
    assigned = []
    possible = _is_wanted_from(there) | _somebody_can_help(there) if is_automatic else _is_wanted_from(there)
    for waiting in session.scalars(in_line(now).where(possible)).all() if there else ():
        with_room = [colleague for colleague in there if colleague.room > given[colleague.member.id]]
        chosen = _wanted(waiting, with_room) or (_fitting(waiting, with_room, given) if is_automatic else None)
        if chosen and is_undisturbed(session, waiting.conversation_id):
            with suppress(TakeoverRefusedError):  # it was taken or cancelled a moment ago
                assigned.append(claim(session, waiting.conversation_id, chosen.member, now))
                given[chosen.member.id] += 1
    return assigned


def _is_wanted_from(there: Sequence[Colleague]) -> ColumnElement[bool]:
    return Handoff.wanted_staff_id.in_([each.member.id for each in there])


def _somebody_can_help(there: Sequence[Colleague]) -> ColumnElement[bool]:
    """Whether a request asks for a language and a skill that some of those who are there have."""
    languages = {language for each in there for language in each.member.languages}
    skills = {skill for each in there for skill in each.member.skills}
    knows_enough = or_(Handoff.skill.is_(None), Handoff.skill.in_(skills))
    return Handoff.language.in_(languages) & knows_enough


def _wanted(waiting: Handoff, with_room: Sequence[Colleague]) -> Colleague | None:
    return next((each for each in with_room if each.member.id == waiting.wanted_staff_id), None)


def _fitting(waiting: Handoff, with_room: Sequence[Colleague], given: Counter[int]) -> Colleague | None:
    """Of those who can help, the one with the least to do; of several, the one who has waited longest."""
    able = [
        each
        for each in with_room
        if waiting.language in each.member.languages and (not waiting.skill or waiting.skill in each.member.skills)
    ]
    return min(
        able,
        key=lambda each: (each.load + given[each.member.id], each.last_taken_at or NEVER, each.member.id),
        default=None,
    )

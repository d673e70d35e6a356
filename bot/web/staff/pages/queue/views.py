"""What members see of the board: the lines of the queue, their own conversations, and who is at work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.web.staff import formats
from bot.web.staff.console import PATH
from bot.web.staff.names import CHANNELS, PRIORITIES, READS, VULNERABILITIES
from bot.web.staff.texts import say
from bot.web.staff.words import REASON_NAMES, skill_in_words
from respite.store.models import StaffMember
from respite.support.open_requests import OpenRequest

LINES_SHOWN = 40
"""The most urgent ones; nobody reads further down a list that moves."""

PRIORITY_TONES = {"normal": "", "high": "warm", "urgent": "late"}

Line = dict[str, Any]


class View(StrEnum):
    """Which requests are looked at."""

    FITTING = "fitting"
    """Those that wait and that the member can help with."""
    WAITING = "waiting"
    TAKEN = "taken"


@dataclass(frozen=True)
class Abilities:
    """What decides whether a request fits a member."""

    languages: frozenset[str]
    skills: frozenset[str]

    @classmethod
    def of(cls, member: StaffMember) -> "Abilities":
        return cls(frozenset(member.languages), frozenset(member.skills))

    def fit(self, request: OpenRequest) -> bool:
        return request.language in self.languages and (request.skill is None or request.skill in self.skills)


def seen_in(view: View, requests: Iterable[OpenRequest], abilities: Abilities, now: datetime) -> list[OpenRequest]:
    """The requests of a view in their order: calls that are wished for later stand at the end."""
    if view is View.TAKEN:
        return [request for request in requests if request.state == "taken"]
    waiting = [request for request in requests if request.state == "waiting"]
    if view is View.FITTING:
        waiting = list(filter(abilities.fit, waiting))
    return sorted(waiting, key=lambda request: not request.is_in_line(now))


def lines(requests: Sequence[OpenRequest], names: Mapping[int, str], language: str, now: datetime) -> list[Line]:
    """The first of some requests as the page shows them to whoever looks, in their `language`.

    `names` are those of the members of staff, by id.
    """
    return [_line(request, names.get(request.staff_id or 0, ""), language, now) for request in requests[:LINES_SHOWN]]


def own_lines(requests: Sequence[OpenRequest], current: str = "") -> list[Line]:
    """A member's own conversations; `current` is the id of the one that is open on the page."""
    return [
        {
            "id": request.conversation_id,
            "href": href(request.conversation_id),
            "name": who(request),
            "reason": say(REASON_NAMES[request.reason]),
            "reads": say(READS[request.reads]),
            "unread": request.unread,
            "isNew": not request.is_opened,
            "isCurrent": request.conversation_id == current,
            "waits": request.unanswered_since and request.unanswered_since.isoformat(),
        }
        for request in requests
    ]


def href(conversation_id: str) -> str:
    """Where a conversation is opened."""
    return f"{PATH}/conversations/{conversation_id}"


def who(request: OpenRequest) -> str:
    return request.borrower or say("Not signed in")


def _line(request: OpenRequest, owner: str, language: str, now: datetime) -> Line:
    is_later = request.state == "waiting" and not request.is_in_line(now)
    return _worded(request, owner, is_later, language)


@lru_cache(maxsize=8192)
def _worded(request: OpenRequest, owner: str, is_later: bool, language: str) -> Line:
    return {
        "id": request.conversation_id,
        "href": href(request.conversation_id),
        "reference": request.reference,
        "name": who(request),
        "reason": say(REASON_NAMES[request.reason]),
        "priority": "" if request.priority == "normal" else say(PRIORITIES[request.priority]),
        "tone": PRIORITY_TONES[request.priority],
        "care": ", ".join(say(VULNERABILITIES[flag]) for flag in request.flags),
        "channel": say(CHANNELS.get(request.channel, request.channel)),
        "reads": say(READS[request.reads]),
        "skill": skill_in_words(request.skill) if request.skill else "",
        "since": request.requested_at.isoformat(),
        "due": None if is_later else request.due_at.isoformat(),
        "call": formats.moment(request.callback_at) if request.callback_at else "",
        "owner": owner,
        "ownerId": request.staff_id,
        "waits": request.unanswered_since and request.unanswered_since.isoformat(),
    }

"""What the console calls the words of the store."""

from collections.abc import Iterable

from bot.web.staff.texts import say, word
from respite.policies.authority import PlanKind
from respite.policies.support import Reason
from respite.staff.accounts import State

ROLE_NAMES = {"agent": "Agent", "supervisor": "Supervisor", "admin": "Admin"}
LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
STATE_NAMES = {
    State.ACTIVE: "Active",
    State.INVITED: "Invited",
    State.INVITATION_EXPIRED: "Invitation expired",
    State.DEACTIVATED: "Deactivated",
}
REASON_NAMES: dict[str, str] = {
    Reason.ASKED: "Asked for a person",
    Reason.DISTRESS: "Distress",
    Reason.COMPLAINT: "Complaint",
    Reason.DISPUTE: "Dispute",
    Reason.NOT_UNDERSTOOD: "Not understood twice",
    Reason.BEYOND_AUTHORITY: "Beyond the bot's authority",
    Reason.IDENTITY: "Identity",
    Reason.DOCUMENT: "Document sent",
    Reason.STAFF: "Begun by staff",
}
PLAN_NAMES = {PlanKind.DEFERRAL: "Deferral", PlanKind.RESTRUCTURING: "Restructuring"}
SKILL_NAMES = {"hardship": "Hardship", "disputes": "Disputes", "complaints": "Complaints"}
"""The skills of the policies that ship; a lender's own stand as they are."""

CAUSES = {
    "RasaSilentError": "The bot failed at it again and again.",
    "RasaLostError": "The bot died in it again and again.",
}
"""Why a message was given up, by the error that is kept; what a channel says of one stands as a sentence."""


def languages_in_words(languages: Iterable[str]) -> str:
    return say(", ").join(say(LANGUAGE_NAMES[language]) for language in languages)


def skills_in_words(skills: Iterable[str]) -> str:
    """Skills in the language of the page, or a dash."""
    return say(", ").join(skill_in_words(skill) for skill in skills) or "–"


def skill_in_words(skill: str) -> str:
    return say(SKILL_NAMES[skill]) if skill in SKILL_NAMES else skill


def cause_in_words(error: str | None) -> str:
    """Why a message was not answered or did not surely arrive; an unforeseen cause stands as it is kept."""
    return word(CAUSES.get(error, error)) if error else ""

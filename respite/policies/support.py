"""How a lender's staff take over conversations: when they are there, how soon they answer, and who answers what."""

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from respite.policies.section import Section, TimeOfDay, Words, mistake_at


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Reason(StrEnum):
    """Why a person is asked into a conversation."""

    ASKED = "asked"
    DISTRESS = "distress"
    COMPLAINT = "complaint"
    DISPUTE = "dispute"
    NOT_UNDERSTOOD = "not_understood"
    BEYOND_AUTHORITY = "beyond_authority"
    IDENTITY = "identity"
    DOCUMENT = "document"
    STAFF = "staff"
    """A member of staff begins it themselves."""


class Priority(StrEnum):
    """How urgent a request is, the least urgent first."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    def is_above(self, other: str) -> bool:
        order = list(Priority)
        return order.index(self) > order.index(Priority(other))


class Opening(Section):
    """Hours on some days of the week, on the lender's clock. Where they end before they begin, they end a day later."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    begin: TimeOfDay
    end: TimeOfDay


class ServiceLevel(Section):
    """How urgent a request is, within how many minutes of opening hours it is answered, and by staff with which skill.

    Without a skill anybody answers it.
    """

    priority: Priority
    answer_minutes: Annotated[int, Field(ge=1, le=10_080)]
    skill: str | None = None


class CaseDeadlines(Section):
    """Days within which a dispute or a complaint is to be answered."""

    dispute: Annotated[int, Field(ge=1, le=366)] = 30
    complaint: Annotated[int, Field(ge=1, le=366)] = 15


MONDAY_TO_FRIDAY = tuple(Weekday)[:5]
USUAL_HOURS = (Opening(days=MONDAY_TO_FRIDAY, begin=time(9), end=time(17)),)
USUAL_SERVICE = {
    Reason.ASKED: ServiceLevel(priority=Priority.NORMAL, answer_minutes=30),
    Reason.DISTRESS: ServiceLevel(priority=Priority.URGENT, answer_minutes=5, skill="hardship"),
    Reason.COMPLAINT: ServiceLevel(priority=Priority.HIGH, answer_minutes=60, skill="complaints"),
    Reason.DISPUTE: ServiceLevel(priority=Priority.NORMAL, answer_minutes=120, skill="disputes"),
    Reason.NOT_UNDERSTOOD: ServiceLevel(priority=Priority.NORMAL, answer_minutes=30),
    Reason.BEYOND_AUTHORITY: ServiceLevel(priority=Priority.NORMAL, answer_minutes=30, skill="hardship"),
    Reason.IDENTITY: ServiceLevel(priority=Priority.HIGH, answer_minutes=30),
    Reason.DOCUMENT: ServiceLevel(priority=Priority.NORMAL, answer_minutes=120),
    Reason.STAFF: ServiceLevel(priority=Priority.NORMAL, answer_minutes=30),
}
USUAL_WRAP_UPS: dict[str, Words] = {
    "answered": {"en": "Question answered", "zh": "问题已解答"},
    "plan_agreed": {"en": "Plan agreed", "zh": "已约定方案"},
    "promise_to_pay": {"en": "Promise to pay", "zh": "承诺还款"},
    "case_opened": {"en": "Dispute or complaint taken up", "zh": "已受理异议或投诉"},
    "cared_for": {"en": "Distress: cared for", "zh": "情绪困扰：已关怀"},
    "callback": {"en": "Called back", "zh": "已回电"},
    "no_answer": {"en": "The borrower did not answer", "zh": "客户未回应"},
    "other": {"en": "Other", "zh": "其他"},
}


class SupportPolicy(Section):
    """When and how staff take over. Minutes are minutes; a deadline counts those in which the desk is open."""

    opening_hours: Annotated[tuple[Opening, ...], Field(min_length=1)] = USUAL_HOURS
    holidays: tuple[date, ...] = ()
    skills: tuple[str, ...] = ("hardship", "disputes", "complaints")
    service: dict[Reason, ServiceLevel] = Field(default_factory=lambda: dict(USUAL_SERVICE))
    assignment: Literal["automatic", "by_hand"] = "automatic"
    silent_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    offline_minutes: Annotated[int, Field(ge=1, le=1440)] = 3
    queue_minutes: Annotated[int, Field(ge=1, le=10_080)] = 45
    callback_minutes: Annotated[int, Field(ge=15, le=1440)] = 120
    reopening_hours: Annotated[int, Field(ge=0, le=168)] = 24
    rating: bool = True
    wrap_ups: dict[str, Words] = Field(default_factory=lambda: dict(USUAL_WRAP_UPS))
    answer_days: CaseDeadlines = CaseDeadlines()
    vulnerability_days: Annotated[int, Field(ge=1, le=3660)] = 90

    @property
    def reopening(self) -> timedelta:
        """How long a borrower who comes back gets the same person."""
        return timedelta(hours=self.reopening_hours)

    @field_validator("service")
    @classmethod
    def knows_every_reason_and_skill(
        cls, service: dict[Reason, ServiceLevel], info: ValidationInfo
    ) -> dict[Reason, ServiceLevel]:
        skills = info.data.get("skills", ())
        for reason, level in service.items():
            if level.skill and level.skill not in skills:
                sentence = f"is {level.skill}, which skills does not list; use {', '.join(skills)}"
                raise mistake_at((reason, "skill"), level.skill, sentence)
        return USUAL_SERVICE | service

    @field_validator("wrap_ups")
    @classmethod
    def gives_a_choice(cls, codes: dict[str, Words]) -> dict[str, Words]:
        if not codes:
            raise ValueError("names no wrap-up code; name one or more")
        return codes

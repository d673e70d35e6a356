"""How a lender conducts itself towards borrowers: when it reminds them, and when it leaves them in peace."""

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from respite.policies.section import Days, Section, TimeOfDay


class Reminder(StrEnum):
    """What a planned message is about."""

    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    OFFER_OF_HELP = "offer_of_help"


class CadenceStep(Section):
    """The message planned for a day, counted from the due date: below zero before it, above zero past due."""

    day: Annotated[int, Field(ge=-366, le=3660)]
    message: Reminder

    @field_validator("message")
    @classmethod
    def fits_the_day(cls, message: Reminder, info: ValidationInfo) -> Reminder:
        day = info.data.get("day")
        if day is not None and message not in _fitting(day):
            raise ValueError(f"is {message}; on day {day} use {' or '.join(_fitting(day))}")
        return message


class Hours(Section):
    """Hours of the day on the borrower's clock; they may go past midnight."""

    begin: TimeOfDay
    end: TimeOfDay

    def cover(self, at: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


class ContactPolicy(Section):
    """When and how often a borrower may be contacted, by all channels and staff together."""

    quiet_hours: Hours
    attempts_a_day: Annotated[int, Field(ge=1)]
    contacts_a_day: Annotated[int, Field(ge=1)]
    attempts_in_7_days: Annotated[int, Field(ge=1)] | None = None
    days_after_conversation: Days = 0


def _fitting(day: int) -> list[Reminder]:
    if day > 0:
        return [Reminder.OVERDUE, Reminder.OFFER_OF_HELP]
    return [Reminder.DUE_TODAY] if day == 0 else [Reminder.DUE_SOON]

"""Which reminders fall on a business date: by the due date for what is to come, by the oldest one for what is late."""

from datetime import timedelta

import pytest

from respite.contact.cadence import PlannedReminder, reminders_for
from respite.policies.conduct import Reminder
from respite.policies.load import policy
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")

CADENCE = policy().cadence


def reminders(loan_id: int, days: int) -> list[PlannedReminder]:
    """The reminders for a loan, so many days from today."""
    with desk.account(loan_id, desk.TODAY + timedelta(days=days)) as loan:
        return reminders_for(loan.position, CADENCE)


def test_an_instalment_is_reminded_of_on_the_days_of_the_policy_and_no_other() -> None:
    loan_id = desk.lend("due_today")
    found = {days: [each.message for each in reminders(loan_id, days)] for days in range(-5, 20)}
    assert {days: messages for days, messages in found.items() if messages} == {
        -3: [Reminder.DUE_SOON],
        0: [Reminder.DUE_TODAY],
        1: [Reminder.OVERDUE],
        4: [Reminder.OFFER_OF_HELP],
        15: [Reminder.OFFER_OF_HELP],
    }


def test_it_says_what_is_to_be_paid_with_late_charges() -> None:
    loan_id = desk.lend("due_today")
    [late] = reminders(loan_id, 15)
    with desk.account(loan_id, desk.TODAY + timedelta(days=15)) as loan:
        oldest = loan.position.overdue[0]
    assert (late.number, late.due, late.amount) == (oldest.number, oldest.due, oldest.outstanding)
    assert oldest.penalty > 0


def test_arrears_are_reminded_of_once_however_many_instalments_are_late() -> None:
    loan_id = desk.lend("late_in_second_month")
    with desk.account(loan_id) as loan:
        assert len(loan.position.overdue) > 1
        second = loan.position.overdue[1].due
    assert reminders(loan_id, (second - desk.TODAY).days + 1) == []


def test_what_is_paid_is_not_reminded_of() -> None:
    loan_id = desk.lend("due_today")
    with desk.account(loan_id) as loan:
        owed = loan.position.remaining[0].unpaid
    desk.pay(loan_id, owed, desk.NOW)
    assert reminders(loan_id, 0) == []
    assert reminders(loan_id, 1) == []
    assert reminders(desk.lend("settled"), 0) == []

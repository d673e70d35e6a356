"""One loan's bill or schedule, in words and on a card."""

from datetime import timedelta
from typing import Literal

from actions.loans import loan_facts
from actions.turn import Turn
from respite.lending.account import InstalmentPosition, penalty_per_day
from respite.lending.bill import bill
from respite.store.loan_book import LoanAccount
from respite.support.messages import BillCard, Line, ScheduleCard, ScheduleRow

PARTS_OF_A_BILL = ("principal", "interest", "fee", "carried", "penalty", "late_fee")
Status = Literal["overdue", "due_soon", "upcoming", "settled"]


def say_bill(turn: Turn, account: LoanAccount) -> None:
    """One loan's bill, with what it is made of."""
    card = bill_card(turn, account)
    if account.is_overdue:
        say_overdue(turn, account, card)
        return
    instalment = account.position.next_due
    assert instalment is not None
    turn.say(
        "utter_bill_due",
        **loan_facts(turn, account),
        due_date=instalment.due,
        total=account.money(instalment.outstanding),
        parts=turn.join(_parts(turn, account, instalment)),
        card=card,
    )


def say_overdue(turn: Turn, account: LoanAccount, card: BillCard | None = None) -> None:
    """How late a loan is, and what being late has cost so far and costs from here."""
    position = account.position
    turn.say(
        "utter_overdue",
        **loan_facts(turn, account),
        days=timedelta(days=position.days_past_due),
        since=position.overdue[0].due,
        amount=account.money(position.overdue_amount),
        penalty=account.money(position.late_charges),
        total=account.money(position.overdue_total),
        per_day=account.money(penalty_per_day(position, account.annual_rate, account.policy.charge_rules)),
        card=card,
    )


def bill_card(turn: Turn, account: LoanAccount) -> BillCard:
    asked = bill(account.position)
    amounts = {name: getattr(asked, name) for name in PARTS_OF_A_BILL}
    return BillCard(
        product=turn.in_words(account.product.name),
        loan_reference=account.reference,
        status=_status(account),
        headline=turn.format(account.money(asked.total)),
        due_date=turn.format(asked.due),
        lines=tuple(
            Line(label=label, value=turn.format(account.money(amount))) for label, amount in amounts.items() if amount
        ),
    )


def schedule_card(turn: Turn, account: LoanAccount) -> ScheduleCard:
    return ScheduleCard(
        product=turn.in_words(account.product.name),
        loan_reference=account.reference,
        headline=turn.format(account.money(account.position.total_remaining)),
        rows=tuple(_schedule_row(turn, account, item) for item in account.position.remaining),
    )


def _schedule_row(turn: Turn, account: LoanAccount, item: InstalmentPosition) -> ScheduleRow:
    status: Literal["overdue", "due", "upcoming"] = (
        "overdue" if item.days_past_due else "due" if item.due == account.as_of else "upcoming"
    )
    return ScheduleRow(
        number=turn.format(item.number),
        due_date=turn.format(item.due),
        amount=turn.format(account.money(item.outstanding)),
        principal=turn.format(account.money(item.unpaid_principal)),
        interest=turn.format(account.money(item.cost)),
        status=status,
    )


def _parts(turn: Turn, account: LoanAccount, item: InstalmentPosition) -> list[str]:
    amounts = {
        "principal": item.unpaid_principal,
        "interest": item.unpaid_interest,
        "fee": item.unpaid_fee,
        "carried": item.unpaid_carried,
    }
    return [turn.part(f"amount_{name}", amount=account.money(amount)) for name, amount in amounts.items() if amount]


def _status(account: LoanAccount) -> Status:
    if account.is_overdue:
        return "overdue"
    upcoming = account.position.next_due
    assert upcoming is not None
    soon = account.as_of + timedelta(days=account.policy.due_soon_days)
    return "due_soon" if upcoming.due <= soon else "upcoming"

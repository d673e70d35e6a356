"""What a borrower owes: bills, due dates, schedules, arrears, payments and early settlement."""

from abc import abstractmethod
from datetime import timedelta
from decimal import Decimal

from actions.base import BorrowerAction, Events
from actions.bills import say_bill, say_overdue, schedule_card
from actions.loans import account_in_question, is_unknown_loan, loan_button, loan_facts, other_loans
from actions.turn import Turn, lines
from respite.lending.money import Money


class AccountQuestion(BorrowerAction):
    """A question about the borrower's own loans. An unknown loan number or an empty account has its own answer."""

    interrupts = True

    def answer(self, turn: Turn) -> Events:
        if is_unknown_loan(turn):
            say_unknown_loan(turn)
        elif not turn.accounts:
            turn.say("utter_nothing_owed")
        else:
            self.explain(turn)
        return []

    @abstractmethod
    def explain(self, turn: Turn) -> None:
        """Answer for a borrower who has at least one open loan."""


class QueryBill(AccountQuestion):
    def name(self) -> str:
        return "action_query_bill"

    def explain(self, turn: Turn) -> None:
        for account in turn.accounts:
            say_bill(turn, account)
        turn.say("utter_bill_next")


class QueryDueDate(AccountQuestion):
    def name(self) -> str:
        return "action_query_due_date"

    def explain(self, turn: Turn) -> None:
        for account in turn.accounts:
            upcoming = account.position.next_due
            if account.is_overdue:
                oldest = account.position.overdue[0]
                turn.say(
                    "utter_due_date_overdue",
                    **loan_facts(turn, account),
                    due_date=oldest.due,
                    days=timedelta(days=account.position.days_past_due),
                    total=account.money(account.position.overdue_total),
                )
            if upcoming:
                due_today = upcoming.due == account.as_of
                turn.say(
                    "utter_due_date_today" if due_today else "utter_due_date",
                    **loan_facts(turn, account),
                    due_date=upcoming.due,
                    days=upcoming.due - account.as_of,
                    amount=account.money(upcoming.outstanding),
                )


class QuerySchedule(AccountQuestion):
    def name(self) -> str:
        return "action_query_schedule"

    def explain(self, turn: Turn) -> None:
        account = account_in_question(turn)
        assert account is not None
        remaining = account.position.remaining
        rows = [
            turn.part(
                "schedule_row",
                number=instalment.number,
                due_date=instalment.due,
                amount=account.money(instalment.outstanding),
            )
            for instalment in remaining
        ]
        turn.say(
            "utter_schedule",
            **loan_facts(turn, account),
            count=len(remaining),
            last_due=remaining[-1].due,
            total=account.money(account.position.total_remaining),
            rows=lines(rows),
            card=schedule_card(turn, account),
            buttons=other_loans(turn, account, "query_schedule"),
        )


class QueryOverdue(AccountQuestion):
    def name(self) -> str:
        return "action_query_overdue"

    def explain(self, turn: Turn) -> None:
        overdue = [account for account in turn.accounts if account.is_overdue]
        for account in overdue:
            say_overdue(turn, account)
        if overdue:
            turn.say("utter_overdue_next")
            return
        account = turn.accounts[0]
        upcoming = account.position.next_due
        assert upcoming is not None
        turn.say(
            "utter_overdue_none",
            **loan_facts(turn, account),
            due_date=upcoming.due,
            amount=account.money(upcoming.outstanding),
        )


class QueryPaymentStatus(AccountQuestion):
    """The last payment that arrived. Whoever misses one is told how it is traced."""

    def name(self) -> str:
        return "action_query_payment_status"

    def explain(self, turn: Turn) -> None:
        received = [
            (payment.received_on, Money.from_minor(payment.amount_minor, account.loan.currency), account)
            for account in turn.accounts
            for payment in account.loan.payments
            if payment.reversed_on is None
        ]
        if received:
            paid_on, amount, account = max(received, key=lambda item: item[0])
            turn.say("utter_payment_last", **loan_facts(turn, account), paid_on=paid_on, amount=amount)
        else:
            turn.say("utter_payment_none")
        turn.say("utter_payment_missing")


class QueryPayoff(AccountQuestion):
    def name(self) -> str:
        return "action_query_payoff"

    def explain(self, turn: Turn) -> None:
        account = account_in_question(turn)
        assert account is not None
        payoff = account.payoff()
        turn.say(
            "utter_payoff",
            **loan_facts(turn, account),
            total=account.money(payoff.total),
            principal=account.money(payoff.principal),
            interest=account.money(payoff.interest_and_fees),
            late=account.money(payoff.late_charges),
            saved=account.money(max(payoff.saved, Decimal(0))),
            valid_until=payoff.as_of,
            buttons=other_loans(turn, account, "query_payoff"),
        )


def say_unknown_loan(turn: Turn) -> None:
    """The number is not one of this borrower's open loans: it is settled, or not theirs."""
    named = turn.entity("loan_reference").casefold()
    settled = next((account for account in turn.all_accounts if account.reference.casefold() == named), None)
    if settled:
        turn.say("utter_refused_settled", **loan_facts(turn, settled))
        return
    turn.say(
        "utter_loan_unknown",
        loan=turn.entity("loan_reference"),
        buttons=[loan_button(turn, account, "query_bill") for account in turn.accounts],
    )

"""Plans in force and promises: how they stand, undoing one, and a borrower's word to pay on a day."""

from datetime import date
from decimal import Decimal

from rasa_sdk.events import SlotSet

from actions.account import AccountQuestion, say_unknown_loan
from actions.base import BorrowerAction, Events
from actions.loans import account_in_question, is_unknown_loan, loan_facts
from actions.offering import offer_plans
from actions.requests import payment_request
from actions.turn import Turn
from respite.plans.booking import PlanCannotBeCancelledError, cancel, cancellable_until
from respite.plans.promises import record_promise
from respite.policies.versions import policy_of
from respite.store.loan_book import LoanAccount


class QueryPlan(AccountQuestion):
    """The plans in force: what is next and what is left."""

    def name(self) -> str:
        return "action_query_plan"

    def explain(self, turn: Turn) -> None:
        planned = [account for account in turn.accounts if account.active_plan]
        for account in planned:
            assert account.active_plan is not None
            coming = account.position.remaining[0]
            turn.say(
                f"utter_plan_active_{account.active_plan.kind}",
                **loan_facts(turn, account),
                reference=account.active_plan.reference,
                booked_on=account.active_plan.booked_on,
                due_date=coming.due,
                amount=account.money(coming.outstanding),
                count=len(account.position.remaining),
                last_due=account.schedule.last_due,
                total=account.money(account.position.total_remaining),
            )
        if not planned:
            turn.say("utter_plan_none")


class CancelArrangement(BorrowerAction):
    """Undo a plan. The borrower is asked once more before anything changes."""

    def name(self) -> str:
        return "action_cancel_arrangement"

    def answer(self, turn: Turn) -> Events:
        account = next((account for account in turn.accounts if account.active_plan), None)
        if account is None or account.active_plan is None:
            turn.say("utter_plan_none")
            return []
        until = cancellable_until(account.active_plan, policy_of(turn.session, account.active_plan))
        if turn.business_date > until:
            say_too_late_to_cancel(turn, account, until)
            return []
        turn.say(
            "utter_cancel_plan_confirm",
            **loan_facts(turn, account),
            reference=account.active_plan.reference,
            amount=account.money(account.position.remaining[0].outstanding),
        )
        return [SlotSet("confirmation_asked", "cancel_plan")]


class ConfirmCancelArrangement(BorrowerAction):
    """The borrower said yes to undoing their plan."""

    def name(self) -> str:
        return "action_confirm_cancel_arrangement"

    def answer(self, turn: Turn) -> Events:
        account = next((account for account in turn.accounts if account.active_plan), None)
        if account is None or account.active_plan is None:
            turn.say("utter_plan_none")
            return []
        plan = account.active_plan
        try:
            cancel(
                turn.session,
                plan,
                business_date=turn.business_date,
                now=turn.now,
                loan_book=turn.loan_book,
            )
        except PlanCannotBeCancelledError:
            say_too_late_to_cancel(turn, account, cancellable_until(plan, policy_of(turn.session, plan)))
        else:
            turn.say("utter_plan_cancelled", **loan_facts(turn, account), reference=plan.reference)
        return []


class RecordPromise(BorrowerAction):
    """The promise form is filled: the borrower's word is kept, and no schedule changes.

    Whoever can pay only a part on that day is shown the plans that ask for no more.
    """

    def name(self) -> str:
        return "action_record_promise"

    def answer(self, turn: Turn) -> Events:
        account, day = account_in_question(turn), turn.tracker.get_slot("promise_date")
        if is_unknown_loan(turn):
            say_unknown_loan(turn)
        elif account is None:
            turn.say("utter_nothing_owed")
        elif day:
            self.promise_or_plan(turn, account, date.fromisoformat(day))
        return [SlotSet("promise_date", None)]

    def promise_or_plan(self, turn: Turn, account: LoanAccount, day: date) -> None:
        asked, payment = account.position.remaining[0].outstanding, payment_request(turn.tracker)
        if payment is None or payment.amount >= asked:
            self.promise(turn, account, day, asked)
        elif not offer_plans(turn, account, payment, "utter_plans_that_fit"):
            self.promise(turn, account, day, payment.amount)

    def promise(self, turn: Turn, account: LoanAccount, day: date, amount: Decimal) -> None:
        asked = account.position.remaining[0]
        promise = record_promise(turn.session, account, day, amount, business_date=turn.business_date, now=turn.now)
        late = "utter_promise_recorded_late" if day > asked.due else "utter_promise_recorded"
        turn.say(
            late,
            **loan_facts(turn, account),
            day=promise.due_on,
            amount=account.money(amount),
            due_date=asked.due,
        )


def say_too_late_to_cancel(turn: Turn, account: LoanAccount, until: date) -> None:
    turn.say("utter_cancel_plan_too_late", **loan_facts(turn, account), until=until)

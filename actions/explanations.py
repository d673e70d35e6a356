"""What being late means, in the borrower's own numbers and dates, and how the lender's rules work."""

from datetime import timedelta

from actions.account import AccountQuestion
from actions.base import Events, RespiteAction
from actions.formatting import Part
from actions.loans import account_in_question, loan_facts, other_loans
from actions.turn import Turn, lines
from respite.lending.account import cost_of_paying_late, penalty_per_day
from respite.store.loan_book import LoanAccount

LATE_BY_DAYS = (1, 7, 30)


class AskOverdueConsequences(AccountQuestion):
    """What paying late costs, day by day, and what the lender does on which day."""

    def name(self) -> str:
        return "action_ask_overdue_consequences"

    def explain(self, turn: Turn) -> None:
        account = account_in_question(turn)
        assert account is not None
        late = account.position.remaining[0]
        if account.is_overdue:
            response = "utter_consequences_overdue"
            examples = [late.days_past_due + days for days in LATE_BY_DAYS]
        else:
            response = "utter_consequences"
            examples = list(LATE_BY_DAYS)
        costs = [
            cost_of_paying_late(account.position, late.number, days, account.annual_rate, account.policy.charge_rules)
            for days in examples
        ]
        turn.say(
            response,
            **loan_facts(turn, account),
            due_date=late.due,
            amount=account.money(late.unpaid),
            days_past_due=timedelta(days=late.days_past_due),
            grace_days=timedelta(days=account.policy.late_charges.grace_days),
            costs=lines(
                [
                    turn.part("cost_of_late_days", days=timedelta(days=days), cost=account.money(cost.total))
                    for days, cost in zip(examples, costs, strict=True)
                ]
            ),
            buttons=other_loans(turn, account, "ask_overdue_consequences"),
        )
        turn.say("utter_consequences_ladder", ladder=ladder(turn))


class AskPenalty(AccountQuestion):
    """How late charges are made up: so far, and for one more day."""

    def name(self) -> str:
        return "action_ask_penalty"

    def explain(self, turn: Turn) -> None:
        account = account_in_question(turn)
        assert account is not None
        charges = account.policy.late_charges
        position, charged = account.position, late_charges_in_words(turn, account)
        if not charged:
            turn.say("utter_penalty_never", **loan_facts(turn, account))
            return
        if account.is_overdue:
            turn.say(
                "utter_penalty_so_far",
                **loan_facts(turn, account),
                days=timedelta(days=position.days_past_due),
                penalty=account.money(position.late_charges),
                per_day=account.money(penalty_per_day(position, account.annual_rate, account.policy.charge_rules)),
                rules=turn.join(charged),
            )
            return
        late = position.remaining[0]
        first_day = charges.grace_days + 1
        cost = cost_of_paying_late(position, late.number, first_day, account.annual_rate, account.policy.charge_rules)
        turn.say(
            "utter_penalty_none_yet",
            **loan_facts(turn, account),
            due_date=late.due,
            grace_days=timedelta(days=charges.grace_days),
            days=timedelta(days=first_day),
            cost=account.money(cost.total),
            rules=turn.join(charged),
        )


class AskInterest(AccountQuestion):
    """The contract's rate and what interest and fees remain."""

    def name(self) -> str:
        return "action_ask_interest"

    def explain(self, turn: Turn) -> None:
        for account in turn.accounts:
            response = "utter_interest_free" if not account.annual_rate else "utter_interest"
            turn.say(
                response,
                **loan_facts(turn, account),
                rate=account.annual_rate,
                remaining=account.money(account.position.interest_and_fees),
            )


class AskMinimumPayment(AccountQuestion):
    """There is no minimum bill on instalments: what a part payment does."""

    def name(self) -> str:
        return "action_ask_minimum_payment"

    def explain(self, turn: Turn) -> None:
        account = account_in_question(turn)
        assert account is not None
        late = account.position.remaining[0]
        turn.say(
            "utter_minimum_payment",
            **loan_facts(turn, account),
            due_date=late.due,
            amount=account.money(late.outstanding),
        )


class AskCreditImpact(RespiteAction):
    interrupts = True

    def name(self) -> str:
        return "action_ask_credit_impact"

    def answer(self, turn: Turn) -> Events:
        turn.say(
            "utter_credit_impact",
            days=timedelta(days=turn.policy.credit_bureau_after),
            record=turn.in_words(turn.policy.credit_record),
        )
        return []


class AskLegalAction(RespiteAction):
    interrupts = True

    def name(self) -> str:
        return "action_ask_legal_action"

    def answer(self, turn: Turn) -> Events:
        turn.say("utter_legal_action", ladder=ladder(turn))
        return []


class ExplainTopic(RespiteAction):
    """General questions, each answered by the response of its own intent with the lender's facts."""

    interrupts = True

    def name(self) -> str:
        return "action_explain_topic"

    def answer(self, turn: Turn) -> Events:
        lender, contact = turn.policy.lender, turn.policy.contact
        turn.say(
            f"utter_{turn.tracker.get_intent_of_latest_message()}",
            lender=turn.in_words(lender.name),
            support_phone=lender.support_phone,
            support_hours=turn.in_words(lender.support_hours),
            reminders=reminders_in_words(turn),
            quiet_from=contact.quiet_hours.begin,
            quiet_until=contact.quiet_hours.end,
            contacts=contact.contacts_a_day,
        )
        return []


def ladder(turn: Turn) -> Part:
    """What the lender does on which day past due, a line each."""
    return lines(
        [
            turn.part("ladder_step", days=timedelta(days=step.day), text=turn.in_words(step.text))
            for step in turn.policy.consequences
        ]
    )


def late_charges_in_words(turn: Turn, account: LoanAccount) -> list[Part]:
    """What the policy charges on a loan that is paid late."""
    charges, rules = account.policy.late_charges, account.policy.charge_rules
    late_fee, penalty_rate = account.money(charges.late_fee), rules.penalty_rate(account.annual_rate)
    parts = []
    if penalty_rate:
        parts.append(turn.part(f"penalty_on_{charges.penalty_base}", rate=penalty_rate))
    if not late_fee.is_zero:
        parts.append(turn.part("late_fee", amount=late_fee))
    return parts


def reminders_in_words(turn: Turn) -> Part:
    """On which days the policy plans a reminder."""
    return turn.join([_reminder_day(turn, step.day) for step in turn.policy.cadence])


def _reminder_day(turn: Turn, day: int) -> Part:
    if day == 0:
        return turn.part("reminder_on_the_due_date")
    return turn.part("reminder_before" if day < 0 else "reminder_after", days=timedelta(days=abs(day)))

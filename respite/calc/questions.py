"""The questions of `respite calc`, and how each is answered."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from respite.calc.cash_flows import (
    FlowListsQuestion,
    FlowsQuestion,
    PaymentsQuestion,
    PaymentWordsQuestion,
    cost_of_payment_words,
    cost_of_payments,
    rate_of_return,
    rates_of_return,
)
from respite.calc.cost import CostQuestion, cost
from respite.calc.deferral import DeferralQuestion, deferral
from respite.calc.dpd import DpdQuestion, LadderQuestion, dpd, ladder
from respite.calc.figures import Answer, Question
from respite.calc.overdue import OverdueQuestion, overdue
from respite.calc.payoff import PayoffQuestion, payoff
from respite.calc.prepayment import PrepaymentQuestion, prepayment
from respite.calc.rebate import RebateQuestion, rebate
from respite.calc.restructure import RestructureQuestion, restructure
from respite.calc.schedule import ScheduleQuestion, schedule
from respite.calc.sentences import first_problem
from respite.calc.words import Words


class Form(NamedTuple):
    """One way to put a question: which questions are put so, their words, and what answers them."""

    fits: Callable[[Question], bool]
    words: type[Words]
    answer: Callable[[Any], Answer]


def _has(*words: str) -> Callable[[Question], bool]:
    return lambda question: any(word in question for word in words)


def _has_text_payments(question: Question) -> bool:
    return isinstance(question.get("payments"), str)


def _has_flow_lists(question: Question) -> bool:
    flows = question.get("flows")
    return isinstance(flows, list) and bool(flows) and isinstance(flows[0], list)


def _any(_: Question) -> bool:
    return True


RESTRUCTURING = ("extra_terms", "new_rate_pct", "re_age_on", "re_amortise_on", "re_amortize_on")

FORMS: dict[str, Sequence[Form]] = {
    "schedule": [Form(_any, ScheduleQuestion, schedule)],
    "payoff": [
        Form(_has("settle_after"), RebateQuestion, rebate),
        Form(_has("repay"), PrepaymentQuestion, prepayment),
        Form(
            _has("outstanding", "outstanding_principal", "overdue_days", "late_days"),
            OverdueQuestion,
            overdue,
        ),
        Form(_any, PayoffQuestion, payoff),
    ],
    "deferral": [
        Form(_has(*RESTRUCTURING), RestructureQuestion, restructure),
        Form(_any, DeferralQuestion, deferral),
    ],
    "restructure": [Form(_any, RestructureQuestion, restructure)],
    "cost": [
        Form(_has_flow_lists, FlowListsQuestion, rates_of_return),
        Form(_has("flows"), FlowsQuestion, rate_of_return),
        Form(_has_text_payments, PaymentWordsQuestion, cost_of_payment_words),
        Form(_has("advance", "advances", "payments"), PaymentsQuestion, cost_of_payments),
        Form(_any, CostQuestion, cost),
    ],
    "dpd": [Form(_has("unpaid_since_days"), LadderQuestion, ladder), Form(_any, DpdQuestion, dpd)],
}


def answer(name: str, question: Question) -> Answer:
    """The answer to the question `name` in the words of docs/calc.md. Raises LendingError."""
    form = next(form for form in FORMS[name] if form.fits(question))
    try:
        understood = form.words.model_validate(question)
    except ValidationError as error:
        raise first_problem(error, form.words) from None
    return form.answer(understood)

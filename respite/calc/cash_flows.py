"""`respite calc cost` of bare cash flows: an advance with its payments, or evenly spaced flows."""

from decimal import Decimal
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from respite.calc.cost import Convention, annual_rates
from respite.calc.figures import Answer
from respite.calc.payment_words import PaymentWords, parse_payments
from respite.calc.refusals import refuse
from respite.calc.words import MOST, Amount, CurrencyWords, Day, Number, Paid, Words
from respite.lending.cost import Flow, internal_rate
from respite.lending.errors import LendingError
from respite.lending.money import ZERO

IRR_PLACES = Decimal("1e-10")


class AdvanceQuestion(CurrencyWords):
    """What is advanced, on which day; or several advances, each with its day."""

    advance: Amount | None = Field(None, validation_alias=AliasChoices("advance", "principal"))
    advance_date: Day | None = Field(None, validation_alias=AliasChoices("advance_date", "date", "start"))
    advances: Paid = ()
    convention: Convention = Convention.EFFECTIVE

    @property
    def advanced(self) -> list[Flow]:
        """Every advance. Raises LendingError where there is none, or one without its day."""
        advances = list(self.advances)
        if self.advance is not None:
            if self.advance_date is None:
                raise LendingError("advance_date", "Say on which day the amount is advanced.")
            advances.append((self.advance_date, self.advance))
        refuse(not advances, "advance", "Say how much is advanced.")
        return advances


class PaymentsQuestion(AdvanceQuestion):
    """Payments, each with its day."""

    payments: Annotated[Paid, Field(min_length=1)]


class PaymentWordsQuestion(AdvanceQuestion):
    """Payments in words: "24 x 230 monthly"."""

    payments: Annotated[PaymentWords, BeforeValidator(parse_payments)]
    first: Day | None = Field(None, validation_alias=AliasChoices("first", "first_due"))


EvenFlows = Annotated[tuple[Annotated[Number, Field(ge=-MOST, le=MOST)], ...], Field(min_length=2)]


class FlowsQuestion(Words):
    """Evenly spaced flows; what is lent is below zero."""

    flows: EvenFlows


class FlowListsQuestion(Words):
    """Several lists of evenly spaced flows."""

    flows: Annotated[tuple[EvenFlows, ...], Field(min_length=1)]


def cost_of_payments(question: PaymentsQuestion) -> Answer:
    """What an advance costs that is repaid by dated payments."""
    return _cost(question, list(question.payments))


def cost_of_payment_words(question: PaymentWordsQuestion) -> Answer:
    """What an advance costs that is repaid at even steps."""
    last_advance = max(day for day, _ in question.advanced)
    days = question.payments.days(question.first, last_advance)
    return _cost(question, list(zip(days, question.payments.amounts, strict=True)))


def rate_of_return(question: FlowsQuestion) -> Answer:
    """The internal rate of return, a fraction a period; null where there is none."""
    return {"irr": _irr(question.flows)}


def rates_of_return(question: FlowListsQuestion) -> Answer:
    """The internal rate of return of each list."""
    return {"irr": [_irr(flows) for flows in question.flows]}


def _cost(question: AdvanceQuestion, payments: list[Flow]) -> Answer:
    advances = question.advanced
    refuse(
        min(day for day, _ in payments) < min(day for day, _ in advances),
        "payments",
        "Give payments later than the advance.",
    )
    lent = sum((amount for _, amount in advances), ZERO)
    total = sum((amount for _, amount in payments), ZERO)
    return {
        **annual_rates(advances, payments, question.convention),
        "cost_total": question.show(total - lent),
        "total": question.show(total),
    }


def _irr(flows: EvenFlows) -> Decimal | None:
    rate = internal_rate(flows)
    return None if rate is None else rate.quantize(IRR_PLACES)

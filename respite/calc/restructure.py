"""`respite calc restructure`: longer terms, other rates, arrears spread anew, and re-ageing."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import AliasChoices, Field

from respite.calc.agreed import due_after
from respite.calc.deferral import DeferralQuestion
from respite.calc.figures import Answer
from respite.calc.plan import Step, effects, paid_lines
from respite.calc.refusals import refuse
from respite.calc.words import Amount, Count, Day, Percent
from respite.lending.account import Position
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO, RoundingMode
from respite.lending.terms import Method
from respite.plans import restructuring
from respite.plans.carry import Carry


class RestructureQuestion(DeferralQuestion):
    """A loan, or only what is outstanding of one, and how it is repaid instead.

    With `re_age_on` or `outstanding_principal`, `first_due` and `every` describe the new instalments.
    """

    extra_terms: Count | None = None
    new_rate_pct: Percent | None = None
    re_age_on: Day | None = None
    n_new: Count | None = None
    re_amortise_on: Day | None = Field(None, validation_alias=AliasChoices("re_amortise_on", "re_amortize_on"))
    waive_penalty: bool = False
    outstanding_principal: Amount | None = None
    unpaid_due: Day | None = None
    original_first_due: Day | None = None

    @property
    def has_agreed_grace(self) -> bool:
        return self.from_ is None and self.shift is None

    @property
    def is_re_aged(self) -> bool:
        return self.re_age_on is not None or self.n_new is not None or self.outstanding_principal is not None

    @property
    def contract(self) -> "RestructureQuestion":
        """The question with the dates of the present loan in place of those of the new instalments."""
        if not self.is_re_aged:
            return self
        dates = {"first_due": self.original_first_due}
        if self.outstanding_principal:
            dates["start"] = self.unpaid_due or self.made_on
        return self.model_copy(update=dates)

    @property
    def made_on(self) -> date | None:
        """The day on which the plan is made, where the words say so."""
        named = self.re_age_on or self.re_amortise_on or self.as_of
        if named is None and self.outstanding_principal and self.first_due:
            return self.regular_start(self.first_due)
        return named

    @property
    def agreed(self) -> Schedule:
        """The present schedule; what is only known as outstanding fell due at once."""
        if self.outstanding_principal is None:
            return super().agreed
        refuse(
            any(super().steps(date.min)),
            "outstanding_principal",
            "Describe the whole loan where an instalment waits or interest pauses.",
        )
        refuse(self.start is None, "first_due", "Say when the first new instalment falls due.")
        return Schedule((Instalment(1, self.starts_on, self.outstanding_principal),), self.starts_on)

    def steps(self, as_of: date) -> Iterator[Step]:
        """The changes in their order: what waits first, then how the rest is repaid."""
        yield from super().steps(as_of)
        if self.is_re_aged:
            yield self._re_aged
        elif self.re_amortise_on or self.extra_terms:
            yield self._repaid_anew
        elif self.new_rate_pct is not None:
            yield self._at_new_rate

    @property
    def new_rate(self) -> Decimal:
        return self.rate if self.new_rate_pct is None else self.new_rate_pct

    @property
    def new_method(self) -> Method:
        """The method of new instalments; flat fees belong to the old ones."""
        return Method.EQUAL_INSTALMENT if self.repayment is Method.FLAT_FEE else self.repayment

    def _re_aged(self, schedule: Schedule, standing: Position) -> Schedule:
        count = self.n_new or (self.n if self.outstanding_principal else None) or len(standing.remaining)
        return restructuring.restructure(
            standing,
            count=count,
            first_due=self.first_due or due_after(schedule, standing.as_of, self),
            annual_rate=self.new_rate,
            day_count=self.counted_by,
            method=self.new_method,
            every=self.step,
            carry=self.carry or Carry.FIRST,
            penalty_waiver=self.penalty_waiver,
            present_rate=self.rate,
            present_method=self.repayment,
            rounding=self.unit,
        )

    @property
    def penalty_waiver(self) -> Decimal:
        """The percentage of penalty interest and late fees that is waived."""
        return Decimal(100) if self.waive_penalty else Decimal(0)

    @property
    def multiple_mode(self) -> RoundingMode:
        """How new instalments are rounded to a multiple; arrears down, so that the last takes more."""
        if self.re_amortise_on and "rounding" not in self.model_fields_set:
            return RoundingMode.DOWN
        return self.rounding.totals

    def _repaid_anew(self, _: Schedule, standing: Position) -> Schedule:
        return restructuring.reamortise(
            standing,
            annual_rate=self.new_rate,
            day_count=self.counted_by,
            from_due=self.from_,
            extra=self.extra_terms or 0,
            every=self.step,
            method=self.new_method,
            carry=self.carry or Carry.LEVEL,
            penalty_waiver=self.penalty_waiver,
            present_rate=self.rate,
            present_method=self.repayment,
            multiple_of=self.multiple_of,
            multiple_mode=self.multiple_mode,
            rounding=self.unit,
        )

    def _at_new_rate(self, _: Schedule, standing: Position) -> Schedule:
        return restructuring.change_rate(
            standing,
            annual_rate=self.new_rate,
            present_rate=self.rate,
            day_count=self.counted_by,
            from_due=self.from_,
            method=self.repayment,
            carry=self.carry or Carry.LEVEL,
            rounding=self.unit,
        )


def restructure(question: RestructureQuestion) -> Answer:
    """The new instalments. Re-ageing begins a new list; else what is paid or emptied stays in it."""
    refuse(
        not any(question.steps(date.min)) and not question.grace_on_principal,
        "extra_terms",
        "Say what changes: extra_terms, new_rate_pct, re_age_on or re_amortise_on.",
    )
    contract = question.contract
    agreed = contract.agreed
    as_of = question.made_on or contract.last_paid_on(agreed)
    present = contract.with_pauses_begun(agreed, as_of)
    standing = contract.position(present, as_of)
    changed = question.changed(present, standing, question.steps(as_of))
    kept: list[Instalment] = []
    if not question.is_re_aged:
        kept = paid_lines(present, standing)
    if question.re_amortise_on:
        kept += [Instalment(line.number, line.due, ZERO) for line in standing.remaining if line.due <= standing.as_of]
    return effects(contract, agreed, standing, changed, kept)

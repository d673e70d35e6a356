"""The form in which a member spells out a plan."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from nicegui import ui
from nicegui.elements.input import Input

from bot.web.staff.design.fields import choice_field, text_field
from bot.web.staff.texts import say
from respite.plans.authority import Relief
from respite.policies.load import policy
from respite.policies.model import PlanKind
from respite.support.plan_requests import PlanRequest

KINDS = {PlanKind.DEFERRAL: "Defer one instalment", PlanKind.RESTRUCTURING: "Smaller instalments"}


class PlanFormError(ValueError):
    """A field that says nothing that could be quoted; its text, in English, is for staff."""


class PlanForm:
    """Which loan, which kind of plan, and its terms. Fields left empty are the policy's."""

    def __init__(self, loans: Mapping[str, str]) -> None:
        usual = Relief.usual(policy())
        self._loan = choice_field(say("Loan"), loans, next(iter(loans)))
        kinds = {kind.value: say(words) for kind, words in KINDS.items()}
        self._kind = choice_field(say("Plan"), kinds, PlanKind.DEFERRAL.value)
        with ui.element("div").classes("form-pair") as self._deferral:
            self._until = _day(say("New due date"))
        with ui.element("div").classes("form-pair") as self._restructuring:
            self._count = _number(say("Number of instalments"))
            self._payment = _number(say("Or: at most a month"))
            self._first_due = _day(say("First due date"))
            self._reduction = _number(say("Rate less, in points"), usual.rate_reduction)
            self._waiver = _number(say("Late charges waived, in percent"), usual.penalty_waiver)
        self._kind.on_value_change(self._show_kind)
        self._show_kind()

    def plan(self) -> PlanRequest:
        """What is spelled out. Raises PlanFormError."""
        if self._kind.value == PlanKind.DEFERRAL:
            until = _date_in(self._until)
            if until is None:
                raise PlanFormError("Choose the day to which the instalment moves.")
            return PlanRequest(self._loan.value, PlanKind.DEFERRAL, until=until)
        count, payment = _decimal_in(self._count), _decimal_in(self._payment)
        if not count and not payment:
            raise PlanFormError("Give the number of instalments, or what the borrower can pay a month.")
        first_due = _date_in(self._first_due)
        if not count:
            return PlanRequest(self._loan.value, PlanKind.RESTRUCTURING, until=first_due, monthly_payment=payment)
        relief = Relief(_decimal_in(self._reduction) or Decimal(0), _decimal_in(self._waiver) or Decimal(0))
        return PlanRequest(self._loan.value, PlanKind.RESTRUCTURING, until=first_due, count=int(count), relief=relief)

    def _show_kind(self) -> None:
        is_deferral = self._kind.value == PlanKind.DEFERRAL
        self._deferral.set_visibility(is_deferral)
        self._restructuring.set_visibility(not is_deferral)


def _day(label: str) -> Input:
    return text_field(label).props("type=date")


def _number(label: str, value: Decimal | None = None) -> Input:
    return text_field(label, "" if value is None else f"{value.normalize():f}").props("inputmode=decimal")


def _date_in(field: Input) -> date | None:
    try:
        return date.fromisoformat(field.value) if field.value else None
    except ValueError:
        raise PlanFormError("This is no day. Write it as 2026-12-31.") from None


def _decimal_in(field: Input) -> Decimal | None:
    try:
        number = Decimal(field.value) if field.value else None
    except InvalidOperation:
        raise PlanFormError("This is no number. Write it with digits and a point.") from None
    if number is not None and not (number.is_finite() and number >= 0):
        raise PlanFormError("This is no number. Write it with digits and a point.")
    return number

"""What a lender's policy file may say. Rates are percent a year, amounts in the policy's currency, spans in days."""

from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import is_currency
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.payoff import PayoffRules
from respite.lending.schedule import Method
from respite.policies.authority import (
    Authority,
    PlanKind,
    Role,
    require_everybody,
    require_known_buckets,
    require_rising,
)
from respite.policies.conduct import CadenceStep, ContactPolicy
from respite.policies.identity import IdentityPolicy
from respite.policies.section import Amount, Days, Language, Percent, Section, Share, Words, day_by_day, within
from respite.policies.support import SupportPolicy

__all__ = ["Authority", "Eligibility", "Language", "PlanKind", "Policy", "Product", "Role", "Words"]


def known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is no time zone; use an IANA name such as Asia/Shanghai")
    return name


def known_currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError(f"{code} is no currency; use an ISO 4217 code such as CNY")
    return code


def known_country(code: str) -> str:
    if len(code) != 2 or code not in Locale("en").territories:
        raise ValueError(f"{code} is no country; use an ISO 3166 code such as CN")
    return code


class Lender(Section):
    """Who lends, and where a borrower finds a person."""

    name: Words
    country: Annotated[str, AfterValidator(known_country)]
    timezone: Annotated[str, AfterValidator(known_timezone)]
    support_phone: str
    support_hours: Words
    helpline: Words


class Product(Section):
    """A product that the lender sells: how it is repaid, the rate that its contract names, the plans it may have."""

    name: Words
    method: Method
    annual_rate: Percent
    flat_fee_rate: Percent = Decimal(0)
    plans: tuple[PlanKind, ...]


class LateCharges(Section):
    """What paying late costs. The cap covers penalty interest and late fees together, and what any plan costs."""

    penalty_rate_multiple: Annotated[Decimal, Field(ge=0, le=2)]
    penalty_base: Literal["overdue_principal", "overdue_amount"]
    penalty_from: Literal["due_date", "after_grace"]
    grace_days: Days
    late_fee: Amount
    all_in_cap_annual_rate: Percent
    allocation: tuple[Literal["cost", "penalty", "interest", "fee", "principal"], ...]

    @field_validator("allocation")
    @classmethod
    def each_part_once(cls, parts: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(parts)) != len(parts) or {"penalty", "interest", "fee", "principal"} - set(parts):
            raise ValueError(
                "name penalty, interest, fee and principal once each, and cost at most once, in the order paid"
            )
        return parts


class Consequence(Section):
    """What the lender does on a day past due. Only what can and will follow may stand here."""

    day: Days
    text: Words


class PayoffPolicy(Section):
    fee_rate: Percent
    remaining_fees: Literal["waived", "charged"]


class Eligibility(Section):
    """Which loans may have a plan, whoever offers it."""

    minimum_paid_share: Share
    minimum_loan_age: Days
    minimum_amount: Amount


class DeferralPolicy(Section):
    """Moving one instalment to a later day."""

    eligibility: Eligibility
    offered_days: tuple[Annotated[int, Field(ge=1)], ...]


class RestructuringPolicy(Section):
    """Paying all that is left in new instalments."""

    eligibility: Eligibility
    offered_counts: tuple[Annotated[int, Field(ge=1)], ...]
    first_due_after: Days
    latest_first_due: Days
    minimum_instalment: Amount

    @field_validator("latest_first_due")
    @classmethod
    def leaves_room_for_the_first_due_date(cls, latest: int, info: ValidationInfo) -> int:
        first = info.data.get("first_due_after", latest)
        if latest < first:
            raise ValueError(f"is {latest}; use first_due_after ({first}) or more")
        return latest


class RecordKeeping(Section):
    """How long messages are kept, in days, and the records of a settled loan, in years."""

    message_days: Annotated[int, Field(ge=1, le=3660)]
    keep_years: Annotated[int, Field(ge=0, le=100)]


class Policy(Section):
    """One lender's rules. `version` is kept with every quote and plan that was made under them."""

    version: str
    lender: Lender
    currency: Annotated[str, AfterValidator(known_currency)]
    day_count: DayCount
    products: dict[str, Product]
    late_charges: LateCharges
    buckets: dict[str, Days]
    consequences: tuple[Consequence, ...]
    credit_bureau_after: Days
    credit_record: Words
    payoff: PayoffPolicy
    due_soon_days: Days
    quote_minutes: Annotated[int, Field(ge=1)]
    plan_cancellation_days: Days
    records: RecordKeeping
    cadence: tuple[CadenceStep, ...]
    contact: ContactPolicy
    authority: dict[Role, Authority]
    deferral: DeferralPolicy
    restructuring: RestructuringPolicy
    identity: IdentityPolicy = IdentityPolicy()
    support: SupportPolicy = SupportPolicy()

    @field_validator("buckets")
    @classmethod
    def one_bucket_begins_at_once(cls, buckets: dict[str, int]) -> dict[str, int]:
        if 0 not in buckets.values():
            raise ValueError("let one bucket begin on day 0, for loans that are not late")
        return buckets

    @field_validator("consequences")
    @classmethod
    def consequences_come_day_by_day(cls, steps: tuple[Consequence, ...]) -> tuple[Consequence, ...]:
        day_by_day(steps)
        return steps

    @field_validator("cadence")
    @classmethod
    def reminders_come_day_by_day(cls, steps: tuple[CadenceStep, ...]) -> tuple[CadenceStep, ...]:
        day_by_day(steps)
        return steps

    @field_validator("credit_bureau_after")
    @classmethod
    def is_announced(cls, day: int, info: ValidationInfo) -> int:
        days = [step.day for step in info.data.get("consequences", ())]
        if days and day not in days:
            raise ValueError(f"is {day}, on which no consequence is announced; add one there, or use one of {days}")
        return day

    @field_validator("authority")
    @classmethod
    def rises_from_role_to_role(cls, authority: dict[Role, Authority], info: ValidationInfo) -> dict[Role, Authority]:
        require_everybody(authority)
        if "buckets" in info.data:
            require_known_buckets(authority, info.data["buckets"])
        require_rising(authority)
        return authority

    @field_validator("deferral")
    @classmethod
    def puts_forward_days_that_the_bot_may_grant(cls, plan: DeferralPolicy, info: ValidationInfo) -> DeferralPolicy:
        if "authority" in info.data:
            most = info.data["authority"][Role.BOT].deferral.maximum_days
            within(most, "authority.bot.deferral.maximum_days", "offered_days", plan.offered_days)
        return plan

    @field_validator("restructuring")
    @classmethod
    def puts_forward_counts_that_the_bot_may_grant(
        cls, plan: RestructuringPolicy, info: ValidationInfo
    ) -> RestructuringPolicy:
        if "authority" in info.data:
            most = info.data["authority"][Role.BOT].restructuring.maximum_count
            within(most, "authority.bot.restructuring.maximum_count", "offered_counts", plan.offered_counts)
        return plan

    def eligibility(self, kind: PlanKind) -> Eligibility:
        """Which loans may have a plan of this kind."""
        return (self.deferral if kind is PlanKind.DEFERRAL else self.restructuring).eligibility

    @property
    def charge_rules(self) -> ChargeRules:
        """The late charges in the form that the lending core computes with."""
        return ChargeRules(**self.late_charges.model_dump())

    @property
    def payoff_rules(self) -> PayoffRules:
        return PayoffRules(**self.payoff.model_dump())

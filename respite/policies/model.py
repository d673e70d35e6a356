"""What a lender's policy file may say. Rates are percent a year, amounts in the policy's currency, spans in days."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import is_currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.payoff import PayoffRules
from respite.lending.schedule import Method

Language = Literal["en", "zh"]


def in_every_language(words: dict[Language, str]) -> dict[Language, str]:
    missing = [language for language in get_args(Language) if not words.get(language, "").strip()]
    if missing:
        raise ValueError(f"say it in {' and '.join(missing)} too")
    return words


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


def within(most: int | None, name: str, numbers: Sequence[int]) -> None:
    """Raise ValueError unless `numbers` rise and none is above `most`, the value of the key `name`."""
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise ValueError(f"holds {list(numbers)}; write each once, the smallest first")
    too_large = [number for number in numbers if most is not None and number > most]
    if too_large:
        raise ValueError(f"offers {too_large}, above {name} ({most}); leave it out, or raise {name}")


def mistake_at(place: tuple[str | int, ...], value: Any, sentence: str) -> ValidationError:
    """A mistake at a place below the field that is being validated."""
    kind = PydanticCustomError("value_error", "{error}", {"error": sentence})
    return ValidationError.from_exception_data("policy", [InitErrorDetails(type=kind, loc=place, input=value)])


Words = Annotated[dict[Language, str], AfterValidator(in_every_language)]
Percent = Annotated[Decimal, Field(ge=0, le=1000)]
Amount = Annotated[Decimal, Field(ge=0)]
Days = Annotated[int, Field(ge=0, le=3660)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lender(Section):
    """Who lends, and where a borrower finds a person."""

    name: Words
    country: Annotated[str, AfterValidator(known_country)]
    timezone: Annotated[str, AfterValidator(known_timezone)]
    support_phone: str
    support_hours: Words
    helpline: Words


class Product(Section):
    """A product that the lender sells: how it is repaid and the rate that its contract names."""

    name: Words
    method: Method
    annual_rate: Percent
    flat_fee_rate: Percent = Decimal(0)


class LateCharges(Section):
    """What paying late costs. The cap covers penalty interest and late fees together."""

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
    """Who may have a plan."""

    buckets: tuple[str, ...]
    minimum_paid_share: Percent
    plans_in_12_months: Annotated[int, Field(ge=1)]
    minimum_loan_age: Days
    minimum_amount: Amount


class DeferralPolicy(Section):
    """Moving one instalment to a later day."""

    eligibility: Eligibility
    maximum_days: Annotated[int, Field(ge=1, le=366)]
    offered_days: tuple[Annotated[int, Field(ge=1)], ...]

    @field_validator("offered_days")
    @classmethod
    def rise_to_the_maximum(cls, days: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        within(info.data.get("maximum_days"), "maximum_days", days)
        return days


class RestructuringPolicy(Section):
    """Paying all that is left in new instalments."""

    eligibility: Eligibility
    maximum_count: Annotated[int, Field(ge=2, le=60)]
    offered_counts: tuple[Annotated[int, Field(ge=1)], ...]
    first_due_after: Days
    latest_first_due: Days
    minimum_instalment: Amount
    annual_rate_reduction: Percent = Decimal(0)

    @field_validator("offered_counts")
    @classmethod
    def rise_to_the_maximum(cls, counts: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        within(info.data.get("maximum_count"), "maximum_count", counts)
        return counts

    @field_validator("latest_first_due")
    @classmethod
    def leaves_room_for_the_first_due_date(cls, latest: int, info: ValidationInfo) -> int:
        first = info.data.get("first_due_after", latest)
        if latest < first:
            raise ValueError(f"is {latest}; use first_due_after ({first}) or more")
        return latest


PlanPolicy = DeferralPolicy | RestructuringPolicy


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
    credit_record_years: Annotated[int, Field(ge=0)]
    payoff: PayoffPolicy
    due_soon_days: Days
    quote_minutes: Annotated[int, Field(ge=1)]
    plan_cancellation_days: Days
    deferral: DeferralPolicy
    restructuring: RestructuringPolicy

    @field_validator("buckets")
    @classmethod
    def one_bucket_begins_at_once(cls, buckets: dict[str, int]) -> dict[str, int]:
        if 0 not in buckets.values():
            raise ValueError("let one bucket begin on day 0, for loans that are not late")
        return buckets

    @field_validator("consequences")
    @classmethod
    def come_day_by_day(cls, steps: tuple[Consequence, ...]) -> tuple[Consequence, ...]:
        for place, (earlier, later) in enumerate(pairwise(steps), start=1):
            if later.day <= earlier.day:
                sentence = f"is {later.day}, which does not come after {earlier.day}; put the earliest day first"
                raise mistake_at((place, "day"), later.day, sentence)
        return steps

    @field_validator("credit_bureau_after")
    @classmethod
    def is_announced(cls, day: int, info: ValidationInfo) -> int:
        days = [step.day for step in info.data.get("consequences", ())]
        if days and day not in days:
            raise ValueError(f"is {day}, on which no consequence is announced; add one there, or use one of {days}")
        return day

    @field_validator("deferral", "restructuring")
    @classmethod
    def names_known_buckets(cls, plan: PlanPolicy, info: ValidationInfo) -> PlanPolicy:
        named = plan.eligibility.buckets
        known = info.data.get("buckets", named)
        unknown = [name for name in named if name not in known]
        if unknown:
            sentence = f"names {unknown}, which buckets does not define; use {', '.join(known)}"
            raise mistake_at(("eligibility", "buckets"), named, sentence)
        return plan

    @property
    def charge_rules(self) -> ChargeRules:
        """The late charges in the form that the lending core computes with."""
        return ChargeRules(**self.late_charges.model_dump())

    @property
    def payoff_rules(self) -> PayoffRules:
        return PayoffRules(**self.payoff.model_dump())

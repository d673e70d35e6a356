"""Random loans, payments and rules for the property tests."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from respite.lending.account import Payment
from respite.lending.calendar import DayCount, Every, MonthEnd
from respite.lending.charges import ChargeRules
from respite.lending.schedule import LoanTerms, Method

settings.register_profile("loans", settings.get_profile("respite"), max_examples=60)
settings.load_profile("loans")

STARTS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
AMOUNTS = st.decimals("0.01", "200000", places=2)
RATES = st.decimals("0", "60", places=2)
BALANCE_METHODS = [Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.BULLET]


@st.composite
def loan_terms(draw: st.DrawFn, methods: list[Method] | None = None, least: str = "0.01") -> LoanTerms:
    """Terms of a loan of any method, day count and step."""
    start = draw(STARTS)
    principal = draw(st.decimals(least, "200000", places=2))
    down = draw(st.booleans()) and principal > 1
    return LoanTerms(
        principal=principal,
        annual_rate=draw(RATES),
        count=draw(st.integers(1, 36)),
        start=start,
        method=draw(st.sampled_from(methods or list(Method))),
        first_due=draw(st.none() | st.integers(1, 70).map(lambda days: start + timedelta(days=days))),
        every=draw(st.sampled_from([Every(months=1), Every(months=3), Every(days=14)])),
        month_end=draw(st.sampled_from(MonthEnd)),
        day_count=draw(st.sampled_from(DayCount)),
        flat_fee_rate=draw(st.decimals("0", "2", places=2)),
        multiple_of=draw(st.none() | st.sampled_from([Decimal(1), Decimal(10)])),
        down_payment=(principal / 4).quantize(Decimal("0.01")) if down else Decimal(0),
        level_last=draw(st.booleans()),
    )


@st.composite
def charge_rules(draw: st.DrawFn) -> ChargeRules:
    return ChargeRules(
        penalty_rate_multiple=draw(st.decimals("0", "2", places=1)),
        grace_days=draw(st.integers(0, 5)),
        late_fee=draw(st.decimals("0", "30", places=2)),
        all_in_cap_annual_rate=draw(st.sampled_from([Decimal(0), Decimal(24), Decimal(36)])),
        penalty_base=draw(st.sampled_from(["overdue_principal", "overdue_amount"])),
        penalty_from=draw(st.sampled_from(["due_date", "after_grace"])),
    )


@st.composite
def payments(draw: st.DrawFn, start: date, most: Decimal) -> list[Payment]:
    """Up to six payments within two years of `start`, none larger than `most`."""
    found = draw(
        st.lists(
            st.tuples(st.integers(0, 730), st.decimals("0.01", max(most, Decimal("0.01")), places=2)),
            max_size=6,
        )
    )
    return [
        Payment(start + timedelta(days=days), amount, f"payment {place}") for place, (days, amount) in enumerate(found)
    ]

"""Worked examples from public tests, documents and regulators, to their tolerance."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from respite.lending.account import Payment, Position, cost_of_paying_late, position
from respite.lending.amortise import level_payment
from respite.lending.calendar import DayCount, DueDay, Every, MonthEnd, due_dates, first_due_on, year_fraction
from respite.lending.charges import ChargeRules
from respite.lending.cost import compounded, effective_annual_rate, internal_rate
from respite.lending.daily import daily_balance
from respite.lending.delinquency import (
    Pause,
    bucket,
    days_past_due,
    delinquent_days,
    ladder_state,
    retry_days,
)
from respite.lending.money import Rounding
from respite.lending.prepayment import Effect, prepay
from respite.lending.rebate import early_settlement_rebate
from respite.lending.schedule import BrokenPeriod, Instalment, LoanTerms, Method, Schedule, build_schedule
from respite.lending.us_apr import us_apr
from respite.plans.deferral import Carry, DeferralKind, Tail, defer
from respite.plans.pausing import pause_interest
from respite.plans.restructuring import change_rate, extend, reamortise, restructure

Vector = dict[str, Any]
VECTORS: list[Vector] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
CHECKS: dict[str, Callable[[Vector], None]] = {}
NO_CHARGES = ChargeRules(Decimal(0), 0, Decimal(0), Decimal(0))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["label"].replace(" ", "-"))
def test_worked_example_holds(vector: Vector) -> None:
    CHECKS[vector["kind"]](vector)


def checks(kind: str) -> Callable[[Callable[[Vector], None]], Callable[[Vector], None]]:
    def register(check: Callable[[Vector], None]) -> Callable[[Vector], None]:
        CHECKS[kind] = check
        return check

    return register


def near(vector: Vector, found: Any, expected: Any) -> None:
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            near(vector, one, other)
    elif isinstance(found, date):
        assert found == date.fromisoformat(expected)
    else:
        tolerance = Decimal(vector.get("tolerance", "0.005"))
        assert abs(Decimal(found) - Decimal(expected)) <= tolerance, f"{found} is not {expected}"


def day(text: str) -> date:
    return date.fromisoformat(text)


def terms(given: Vector) -> LoanTerms:
    unit = Rounding(Decimal(given.get("quantum", "0.01")), given.get("rounding_mode", "half_even"))
    return LoanTerms(
        principal=Decimal(given["principal"]),
        annual_rate=Decimal(given["annual_rate"]),
        count=given["count"],
        start=day(given["start"]),
        method=Method(given.get("method", "equal_instalment")),
        first_due=day(given["first_due"]) if "first_due" in given else None,
        every=Every(days=given["every_days"]) if "every_days" in given else Every(months=1),
        month_end=MonthEnd(given.get("month_end", "clamp")),
        day_count=DayCount(given.get("day_count", "30/360")),
        rounding=unit,
        multiple_of=Decimal(given["multiple_of"]) if "multiple_of" in given else None,
        multiple_mode=given.get("multiple_mode", "half_even"),
        down_payment=Decimal(given.get("down_payment", 0)),
        sizing=DayCount(given["sizing"]) if "sizing" in given else None,
        level_last=given.get("level_last", False),
    )


def loan_position(given: Vector, as_of: date) -> tuple[Schedule, Position]:
    loan = terms(given["loan"])
    schedule = build_schedule(loan)
    payments = []
    if loan.down_payment:
        payments.append(Payment(loan.start, loan.down_payment, "down payment"))
    if "paid_on" in given:
        payments.append(Payment(day(given["paid_on"]), schedule[0].total, "first"))
    return schedule, position(schedule, payments, loan.annual_rate, NO_CHARGES, as_of)


def check_schedule(vector: Vector, schedule: Schedule) -> None:
    expect = vector["expect"]
    numbered = [line for line in schedule if line.number > 0]
    found: dict[str, Callable[[], Any]] = {
        "size": lambda: numbered[0].total,
        "last": lambda: schedule[-1].total,
        "first": lambda: [schedule[0].principal, schedule[0].interest, schedule[0].total],
        "dues": lambda: [line.due for line in schedule],
        "due_totals": lambda: [[line.due, line.total] for line in schedule],
        "parts": lambda: [[line.due, line.principal, line.interest, line.total] for line in schedule],
        "rows": lambda: [
            [line.due, line.principal, line.interest, line.total, balance]
            for line, balance in zip(schedule, schedule.balances, strict=True)
        ],
        "principal": lambda: [line.principal for line in schedule],
        "interest": lambda: [line.interest for line in schedule],
        "balance": lambda: list(schedule.balances),
        "principal_total": lambda: schedule.principal,
        "interest_total": lambda: schedule.interest,
        "total": lambda: schedule.total,
    }
    for name in expect.keys() & found.keys():
        near(vector, found[name](), expect[name])
    for place, row in expect.get("rows_at", {}).items():
        line = schedule[int(place)]
        near(vector, [line.principal, line.interest, schedule.balances[int(place)]], row)


@checks("schedule")
def _schedule(vector: Vector) -> None:
    check_schedule(vector, build_schedule(terms(vector["given"])))


@checks("level_payment")
def _level_payment(vector: Vector) -> None:
    given = vector["given"]
    rate = Decimal(given["rate"]) / given["divided_by"]
    near(
        vector,
        level_payment(Decimal(given["principal"]), [rate] * given["count"]),
        vector["expect"]["payment"],
    )


@checks("collection_days")
def _collection_days(vector: Vector) -> None:
    given = vector["given"]
    for due_day, expected in vector["expect"].items():
        first, anchor = first_due_on(day(given["from"]), DueDay(due_day))
        dues = due_dates(first, given["count"], anchor_day=anchor)
        assert [dues[0], dues[1], dues[-1]] == [day(text) for text in expected]


@checks("deferral")
def _deferral(vector: Vector) -> None:
    loan = terms(vector["given"]["loan"])
    schedule = agreed = build_schedule(loan)
    for step in vector["given"]["steps"]:
        standing = position(schedule, [], loan.annual_rate, NO_CHARGES, loan.start)
        schedule = defer(
            schedule,
            standing,
            number=next(line.number for line in schedule if line.due == day(step["due"])),
            to=day(step["to"]),
            annual_rate=loan.annual_rate,
            day_count=loan.day_count,
            kind=DeferralKind(step["kind"]),
            tail=Tail(step["tail"]),
            carry=Carry(step["carry"]),
        )
    check_schedule(vector, schedule)
    if "extra" in vector["expect"]:
        near(vector, schedule.total - agreed.total, vector["expect"]["extra"])


@checks("pause")
def _pause(vector: Vector) -> None:
    given = vector["given"]
    loan = terms(given["loan"])
    schedule, standing = loan_position(given, day(given["paid_on"]))
    pause = Pause(day(given["first_day"]), day(given["last_day"]))
    paused = pause_interest(standing, [pause], annual_rate=loan.annual_rate, day_count=loan.day_count)
    check_schedule(vector, Schedule((schedule[0], *paused)))


@checks("extension")
def _extension(vector: Vector) -> None:
    given = vector["given"]
    loan = terms(given["loan"])
    _, standing = loan_position(given, loan.start)
    longer = extend(
        standing,
        extra=given["extra"],
        from_due=day(given["from_due"]),
        annual_rate=loan.annual_rate,
        day_count=loan.day_count,
    )
    check_schedule(vector, longer)


@checks("rate_change")
def _rate_change(vector: Vector) -> None:
    given = vector["given"]
    loan = terms(given["loan"])
    _, standing = loan_position(given, loan.start)
    changed = change_rate(
        standing,
        annual_rate=Decimal(given["new_rate"]),
        present_rate=loan.annual_rate,
        day_count=loan.day_count,
        from_due=day(given["from_due"]) if given["from_due"] else None,
        method=loan.method,
    )
    check_schedule(vector, changed)


@checks("re_age")
def _re_age(vector: Vector) -> None:
    given = vector["given"]
    loan = terms(given["loan"])
    as_of = day(given["as_of"])
    _, standing = loan_position(given, as_of)
    renewed = restructure(
        standing,
        count=given["count"],
        first_due=day(given["first_due"]),
        annual_rate=Decimal(given["new_rate"]),
        present_rate=loan.annual_rate,
        day_count=loan.day_count,
        carry=Carry(given.get("carry", "first")),
    )
    check_schedule(vector, renewed)
    if "days_past_due_before" in vector["expect"]:
        assert standing.days_past_due == vector["expect"]["days_past_due_before"]
        assert position(renewed, [], loan.annual_rate, NO_CHARGES, as_of).days_past_due == 0


@checks("reamortisation")
def _reamortisation(vector: Vector) -> None:
    given = vector["given"]
    loan = terms(given["loan"])
    _, standing = loan_position(given, day(given["as_of"]))
    spread = reamortise(
        standing,
        annual_rate=loan.annual_rate,
        day_count=loan.day_count,
        every=loan.every,
        multiple_of=Decimal(given["multiple_of"]),
        multiple_mode=given["multiple_mode"],
    )
    check_schedule(vector, spread)


@checks("prepayment")
def _prepayment(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    loan = terms(given["loan"])
    schedule, standing = loan_position(given, day(given["on"]))
    paid = prepay(
        standing,
        Decimal(given["amount"]),
        annual_rate=loan.annual_rate,
        day_count=loan.day_count,
        effect=Effect(given["effect"]),
    )
    near(vector, [[line.principal, line.interest] for line in schedule], expect["agreed"])
    near(vector, [paid.principal, paid.interest], [expect["principal"], expect["interest"]])
    near(vector, [[line.due, line.total] for line in paid.schedule], expect["due_totals"])


@checks("waiver")
def _waiver(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    loan = Schedule((Instalment(1, date(2024, 2, 1), Decimal(given["principal"])),))
    rules = ChargeRules(Decimal(0), 0, Decimal(given["late_fee"]), Decimal(1000))
    standing = position(loan, [], Decimal(0), rules, date(2024, 3, 1))

    def renewed(waive: bool) -> Decimal:
        return restructure(
            standing,
            count=1,
            first_due=date(2024, 4, 1),
            annual_rate=Decimal(0),
            day_count=DayCount.THIRTY_360,
            penalty_waiver=Decimal(100 if waive else 0),
        ).total

    near(vector, [standing.overdue_total, renewed(False)], [expect["with_fee"]] * 2)
    near(vector, renewed(True), expect["waived"])


@checks("daily_payoff")
def _daily_payoff(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    left = daily_balance(
        Decimal(given["principal"]),
        day(given["start"]),
        [Payment(day(on), Decimal(amount), on) for on, amount in given["payments"]],
        Decimal(given["daily_rate"]) * 365,
        day(given["as_of"]),
        rounding=Rounding(mode="down"),
    )
    near(
        vector,
        [left.total, left.principal, left.interest],
        [expect["total"], expect["principal"], expect["interest"]],
    )


@checks("rebate")
def _rebate(vector: Vector) -> None:
    given = vector["given"]
    repayments = [(Decimal(month) / 12, Decimal(given["payment"])) for month in range(1, given["count"] + 1)]
    advances = [(Decimal(0), Decimal(given["principal"]))]
    found = [
        early_settlement_rebate(
            advances, repayments, Decimal(given["apr"]), (months + Decimal(days) / month_length) / 12
        )
        for months, days, month_length in given["settled"]
    ]
    near(vector, found, vector["expect"]["rebate"])


@checks("flat_rate")
def _flat_rate(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    schedule = build_schedule(
        LoanTerms(
            Decimal(given["principal"]),
            Decimal(0),
            given["count"],
            date(2024, 1, 1),
            Method.FLAT_FEE,
            flat_fee_rate=Decimal(given["monthly_flat_rate"]),
        )
    )
    payments = [line.total + Decimal(given["monthly_fee"]) for line in schedule]
    rate = internal_rate([Decimal(given["principal"]), *(-payment for payment in payments)])
    assert rate is not None
    near(vector, compounded(rate), expect["effective"])
    if "nominal" in expect:
        near(vector, rate * 1200, expect["nominal"])
        near(vector, schedule.fees, expect["interest_total"])
    if "payment" in expect:
        near(vector, payments[0], expect["payment"])


@checks("us_apr")
def _us_apr(vector: Vector) -> None:
    given = vector["given"]
    first, count = day(given["first"]), given["count"]
    step = given["step"]
    if "half_months" in step:
        later = [due_dates(start, (count + 1) // 2) for start in (first, first + timedelta(days=15))]
        dues = sorted([*later[0], *later[1]])[:count]
    else:
        dues = list(due_dates(first, count, Every(**step)))
    amounts = [Decimal(given["payment"])] * count
    amounts[-1] = Decimal(given.get("last_payment", given["payment"]))
    found = us_apr([(day(given["advanced_on"]), Decimal(given["advance"]))], list(zip(dues, amounts, strict=True)))
    near(vector, found, vector["expect"]["apr"])


@checks("effective_rate")
def _effective_rate(vector: Vector) -> None:
    given = vector["given"]
    flows = [(day(given["advanced_on"]), Decimal(given["advance"]))]
    flows += [(day(on), -Decimal(amount)) for on, amount in given["payments"]]
    near(vector, effective_annual_rate(flows), vector["expect"]["rate"])


@checks("internal_rate")
def _internal_rate(vector: Vector) -> None:
    found = [internal_rate([Decimal(flow) for flow in flows]) for flows in vector["given"]["flows"]]
    near(vector, found, vector["expect"]["rates"])


@checks("factors")
def _factors(vector: Vector) -> None:
    given = vector["given"]
    months = due_dates(day(given["first"]), given["count"] + 1)
    for day_count, expected in vector["expect"].items():
        found = [
            Decimal(given["annual_rate"]) / 100 * year_fraction(start, end, DayCount(day_count))
            for start, end in pairwise(months)
        ]
        near(vector, found, expected)


@checks("late_charges")
def _late_charges(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    due = date(2024, 1, 1)
    rules = ChargeRules(Decimal(1), given["grace_days"], Decimal(given["late_fee"]), Decimal(10000))
    loan = Schedule((Instalment(1, due, Decimal(given["overdue"])),))
    rate = Decimal(given["penalty_rate"])
    late = position(loan, [], rate, rules, due + timedelta(days=given["days"]))
    near(
        vector,
        [late.penalty, late.late_fees, late.overdue_total],
        [expect["penalty"], expect["late_fee"], expect["total"]],
    )
    foretold = cost_of_paying_late(position(loan, [], rate, rules, due), 1, given["days"], rate, rules)
    near(vector, [foretold.penalty, foretold.late_fee], [expect["penalty"], expect["late_fee"]])


@checks("late_interest")
def _late_interest(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    start = date(2024, 1, 1)
    due = start + timedelta(days=given["days_accrued"])
    years = year_fraction(start, due, DayCount.ACTUAL_365)
    interest = Rounding().round(Decimal(given["principal"]) * Decimal(given["annual_rate"]) / 100 * years)
    near(vector, interest, expect["interest"])
    rules = ChargeRules(
        Decimal(1),
        given["grace_days"],
        Decimal(0),
        Decimal(1000),
        penalty_base="overdue_amount",
        penalty_from="after_grace",
    )
    loan = Schedule((Instalment(1, due, Decimal(0), interest),))
    half = Payment(due, interest / 2, "half")
    late = position(loan, [half], Decimal(given["penalty_rate"]), rules, due + timedelta(days=given["days_late"]))
    near(vector, late.penalty, expect["penalty"])


@checks("broken_period")
def _broken_period(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    plain = build_schedule(terms({**given, "start": "2023-11-05"}))
    for broken_period in (BrokenPeriod.FIRST, BrokenPeriod.SPREAD):
        agreed = terms(given)
        schedule = build_schedule(LoanTerms(**{**vars(agreed), "broken_period": broken_period}))
        interest = [line.interest for line in schedule]
        near(vector, interest[: len(expect[broken_period.value])], expect[broken_period.value])
        near(vector, schedule.interest - plain.interest, expect["broken_interest"])


@checks("delinquency")
def _delinquency(vector: Vector) -> None:
    given = vector["given"]
    pauses = [Pause(*(day(text) for text in given["pause"]))]
    for on, expected in vector["expect"]["on"].items():
        due, today = day(given["due"]), day(on)
        late = delinquent_days(due, today, given["grace_days"], pauses)
        assert days_past_due(due, today) == expected["past_due"]
        assert late == expected["delinquent"]
        assert expected.get("bucket") in (None, bucket(late, given["buckets"]))


@checks("days_past_due")
def _days_past_due(vector: Vector) -> None:
    given = vector["given"]
    size = Decimal(given["instalment"])
    loan = Schedule(tuple(Instalment(number, day(due), size) for number, due in enumerate(given["dues"], start=1)))
    payments = [Payment(day(on), Decimal(amount), on) for on, amount in given["payments"]]
    for on, counted in vector["expect"]["on"].items():
        found = position(loan, payments, Decimal(0), NO_CHARGES, day(on)).days_past_due
        assert found == max(counted - given["counts_from"], 0)


@checks("ladder")
def _ladder(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    assert [ladder_state(days, given["ladder"]) for days in given["days"]] == expect["states"]
    assert retry_days(given["gaps"]) == expect["retries"]

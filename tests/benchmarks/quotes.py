"""How many plans a second the lending core quotes, beside plain pandas and numpy-financial.

`python -m tests.benchmarks.quotes --loans 2000` invents loans on which some instalments are paid. The core works out
where each stands, what settles it, and a restructuring into new instalments with its cost and annual rates. The plain
version does the same sums with an annuity formula in binary fractions and a rate of return. Both must agree on every
instalment to two cents and on every annual rate to a twentieth of a percent. Prints the median of the runs and their
ratio.
"""

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

import numpy_financial as npf
import pandas as pd

from respite.lending.account import Payment, position
from respite.lending.calendar import DayCount
from respite.lending.payoff import PayoffRules, payoff
from respite.lending.schedule import LoanTerms, Schedule, build_schedule
from respite.plans.plan_cost import plan_cost
from respite.plans.restructuring import restructure
from respite.policies.load import load_policy

RULES = load_policy("cn").charge_rules
COUNTS = (3, 6, 9, 12, 24)


@dataclass(frozen=True)
class Case:
    """A loan that is paid up to a due date, and into how many instalments the rest is divided."""

    terms: LoanTerms
    schedule: Schedule
    paid: int
    count: int

    @property
    def as_of(self) -> date:
        return self.schedule[self.paid - 1].due


Quote = tuple[float, float]
"""The instalment, and the effective annual rate in percent."""


def cases(loans: int) -> list[Case]:
    chance = random.Random(20261122)
    found = []
    for _ in range(loans):
        count = chance.randint(6, 24)
        terms = LoanTerms(
            Decimal(chance.randrange(5_000, 50_000)),
            Decimal(chance.randrange(600, 3_000)) / 100,
            count,
            date(2025, chance.randint(1, 12), chance.randint(1, 28)),
            day_count=DayCount.THIRTY_360,
        )
        found.append(Case(terms, build_schedule(terms), chance.randint(1, count - 2), chance.choice(COUNTS)))
    return found


def core(case: Case) -> Quote:
    """A restructuring of what is left."""
    terms, schedule = case.terms, case.schedule
    payments = [Payment(line.due, line.total, str(line.number)) for line in schedule.instalments[: case.paid]]
    standing = position(schedule, payments, terms.annual_rate, RULES, case.as_of)
    settled = payoff(schedule, standing, terms.annual_rate, terms.method, PayoffRules(), terms.day_count, terms.start)
    renewed = restructure(
        standing,
        count=case.count,
        first_due=schedule[case.paid].due,
        annual_rate=terms.annual_rate,
        day_count=terms.day_count,
    )
    cost = plan_cost(renewed, standing, settled, case.as_of, terms.annual_rate)
    return float(renewed[0].total), float(cost.effective_annual_rate)


def plain(case: Case) -> Quote:
    """The same by formula: the balance after the payments, the annuity of what is left, the rate of its flows."""
    rate, principal, count = float(case.terms.annual_rate) / 1200, float(case.terms.principal), case.terms.count or 1
    instalment = round(-npf.pmt(rate, count, principal), 2)
    left = -npf.fv(rate, case.paid, -instalment, principal)
    renewed = round(-npf.pmt(rate, case.count, left), 2)
    days = pd.date_range(case.as_of, periods=case.count + 1, freq=pd.DateOffset(months=1))
    years = (days - days[0]).days.to_numpy() / 365
    flows = pd.Series([left, *[-renewed] * case.count])
    low, high = 0.0, 10.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if (flows / (1 + middle) ** years).sum() < 0 else (low, middle)
    return renewed, low * 100


def timed(quote: Callable[[Case], Quote], of: list[Case], runs: int) -> tuple[float, list[Quote]]:
    """The median of the seconds of so many runs, and the quotes."""
    seconds, quotes = [], []
    for _ in range(runs):
        started = time.perf_counter()
        quotes = [quote(case) for case in of]
        seconds.append(time.perf_counter() - started)
    return median(seconds), quotes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    of = cases(options.loans)
    by_core, quotes = timed(core, of, options.runs)
    by_pandas, expected = timed(plain, of, options.runs)
    for case, (instalment, annual), (same, about) in zip(of, quotes, expected, strict=True):
        assert abs(instalment - same) <= 0.021, (case.terms, instalment, same)
        assert abs(annual - about) <= 0.05, (case.terms, annual, about)
    print(f"{options.loans:,} quotes, the same in both; median of {options.runs} runs")
    for name, seconds in (("lending core", by_core), ("pandas and numpy-financial", by_pandas)):
        print(f"{name:<28}{seconds:8.2f} s {options.loans / seconds:10,.0f} quotes/s")
    print(f"{'ratio':<28}{by_core / by_pandas:8.2f}")


if __name__ == "__main__":
    main()

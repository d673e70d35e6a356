"""How fast days past due are counted for a whole loan book: the lending core beside plain pandas and numpy-financial.

`python -m tests.benchmarks.days_past_due --loans 1000000` invents loans of twelve instalments, some of them behind with
their payments. The core replays every payment of every loan, with late charges, and says how late it is; pandas
compares what was scheduled with what was paid. Both must agree on every loan. Prints the median of the runs and their
ratio.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice, product
from statistics import median

import numpy as np
import numpy_financial as npf
import pandas as pd

from respite.lending.account import Payment, position
from respite.lending.calendar import due_dates
from respite.lending.schedule import LoanTerms, Schedule, build_schedule
from respite.policies.load import load_policy

BUSINESS_DATE = date(2026, 11, 22)
COUNT = 12
RATE = Decimal(18)
PRINCIPALS = range(1_200, 13_200, 1_200)
STARTS = due_dates(date(2025, 12, 5), 10)
UNPAID = range(4)
RULES = load_policy("cn").charge_rules


@dataclass(frozen=True)
class Contract:
    """A loan and how many of its instalments due so far are not paid."""

    terms: LoanTerms
    unpaid: int

    @property
    def schedule(self) -> Schedule:
        return build_schedule(self.terms)

    @property
    def payments(self) -> list[Payment]:
        """All instalments due so far in time, but the last `unpaid`."""
        due = [line for line in self.schedule if line.due <= BUSINESS_DATE]
        paid = due[: max(len(due) - self.unpaid, 0)]
        return [Payment(line.due, line.total, str(line.number)) for line in paid]


def contracts() -> list[Contract]:
    return [
        Contract(LoanTerms(Decimal(principal), RATE, COUNT, start), unpaid)
        for principal, start, unpaid in product(PRINCIPALS, STARTS, UNPAID)
    ]


def core(book: list[tuple[Schedule, list[Payment]]], loans: int) -> np.ndarray:
    """Days past due of `loans` loans, the contracts over and over."""
    whose = (book[number % len(book)] for number in range(loans))
    late = (position(schedule, paid, RATE, RULES, BUSINESS_DATE).days_past_due for schedule, paid in whose)
    return np.fromiter(late, dtype=np.int64, count=loans)


def plain(agreed: list[Contract], loans: int) -> np.ndarray:
    """The same with an annuity formula and one table of instalments."""
    principals = np.array([float(contract.terms.principal) for contract in agreed])
    instalments = np.round(-npf.pmt(float(RATE) / 1200, COUNT, principals), 2)
    starts = pd.DatetimeIndex([pd.Timestamp(contract.terms.start) for contract in agreed])
    table = pd.concat(
        pd.DataFrame(
            {
                "contract": range(len(agreed)),
                "due": starts + pd.DateOffset(months=number),
                "owed": instalments * number,
            }
        )
        for number in range(1, COUNT + 1)
    )
    paid = pd.Series([float(sum(payment.amount for payment in contract.payments)) for contract in agreed])
    loan = pd.DataFrame({"contract": np.arange(loans) % len(agreed)})
    rows = loan.reset_index(names="loan").merge(table, on="contract")
    is_unpaid = rows["owed"] - rows["contract"].map(paid) > 0.10
    oldest = rows[is_unpaid].groupby("loan")["due"].min()
    return (pd.Timestamp(BUSINESS_DATE) - oldest).dt.days.clip(lower=0).reindex(range(loans), fill_value=0).to_numpy()


def timed(count: Callable[[], np.ndarray], runs: int) -> tuple[float, np.ndarray]:
    """The median of the seconds of so many runs, and what they found."""
    seconds, found = [], np.empty(0)
    for _ in range(runs):
        started = time.perf_counter()
        found = count()
        seconds.append(time.perf_counter() - started)
    return median(seconds), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    agreed = list(islice(contracts(), options.loans))
    book = [(contract.schedule, contract.payments) for contract in agreed]
    by_core, late = timed(lambda: core(book, options.loans), options.runs)
    by_pandas, expected = timed(lambda: plain(agreed, options.loans), options.runs)
    assert (late == expected).all(), "The two count differently."
    share = (late > 0).mean()
    print(f"{options.loans:,} loans, {share:.0%} of them late, the same in both; median of {options.runs} runs")
    for name, seconds in (("lending core", by_core), ("pandas and numpy-financial", by_pandas)):
        print(f"{name:<28}{seconds:8.1f} s {options.loans / seconds:14,.0f} loans/s")
    print(f"{'ratio':<28}{by_core / by_pandas:8.1f}")


if __name__ == "__main__":
    main()

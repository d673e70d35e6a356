"""Words that contradict each other, and how any question is refused."""

from respite.calc.loan import LoanWords
from respite.lending.calendar import DayCount
from respite.lending.errors import LendingError
from respite.lending.money import ZERO
from respite.lending.terms import Method

FLAT = (Method.FLAT_FEE, Method.FLAT_INTEREST)


def refuse(is_wrong: bool, word: str, sentence: str) -> None:
    """Raise LendingError for `word` where something is wrong with it."""
    if is_wrong:
        raise LendingError(word, sentence)


def refuse_contradictions(loan: LoanWords) -> None:
    """Raise LendingError for words that say the same thing twice or contradict each other."""
    is_flat = loan.repayment in FLAT
    rates = [loan.annual_rate_pct, loan.rate_per_period, loan.daily_rate_pct]
    if loan.repayment is not Method.FLAT_FEE:
        rates.append(loan.monthly_flat_pct)
    refuse(sum(rate is not None for rate in rates) > 1, "annual_rate_pct", "Give one rate, not several.")
    refuse(
        loan.monthly_flat_pct is not None and not is_flat,
        "monthly_flat_pct",
        "A flat rate needs the method flat_fee or flat_interest.",
    )
    refuse(
        loan.interest == "flat" and not is_flat,
        "interest",
        f"Flat interest does not go with the method {loan.repayment}; leave one of them out.",
    )
    refuse(bool(loan.every and loan.every_days), "every", "Give every or every_days, not both.")
    refuse(
        loan.down_payment is not None and loan.down_payment_pct is not None,
        "down_payment",
        "Give down_payment or down_payment_pct, not both.",
    )
    refuse(
        bool(loan.grace_on_principal) and loan.grace_on_principal >= (loan.n or 1),
        "grace_on_principal",
        "Give fewer instalments without principal than n.",
    )
    counts_days = loan.counted_by is not DayCount.THIRTY_360 or bool(loan.step.days)
    refuse(counts_days and not loan.is_dated, "start", "Say on which day the loan starts.")
    for word in ("principal", "down_payment", "monthly_handling_fee"):
        amount = getattr(loan, word) or ZERO
        refuse(bool(amount % loan.minor_unit), word, f"Round {amount} to the decimals of its currency.")
    if loan.broken_days is not None and loan.first_due is not None:
        days = (loan.regular_start(loan.first_due) - loan.starts_on).days
        refuse(days != loan.broken_days, "broken_days", f"Give {days}, the days before the first whole period.")

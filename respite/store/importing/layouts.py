"""The three files of a loan book and their columns, as docs/import.md describes them."""

from dataclasses import dataclass
from datetime import date

from babel.numbers import get_currency_precision

from respite.policies.model import Policy
from respite.store.importing.cells import Column, amount, choice, day, phone, rate, text, whole_number

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
LONGEST_REFERENCE = 20
LONGEST_PAYMENT_REFERENCE = 40
LONGEST_EXTERNAL_ID = 60
LONGEST_NAME = 200
YEARS_AHEAD = 60


@dataclass(frozen=True)
class Layout:
    """One kind of file: loans, instalments or payments."""

    kind: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.is_needed]


def layouts(policy: Policy, business_date: date) -> tuple[Layout, Layout, Layout]:
    """The layouts of loans, instalments and payments for a lender with this policy on this day."""
    decimals = get_currency_precision(policy.currency)
    currency = choice("currency", [policy.currency], "not the currency of the policy")
    loan_reference = text("loan_reference", LONGEST_REFERENCE)
    after_business_date = f"is after the business date {business_date}"
    loans = Layout(
        "loans",
        (
            text("borrower_reference", LONGEST_REFERENCE),
            text("name", LONGEST_NAME),
            phone("phone", policy.lender.country),
            choice("language", LANGUAGES, "no language of the bot"),
            loan_reference,
            choice("product", policy.products, "no product of the policy"),
            currency,
            amount("principal", decimals, above_zero=True),
            rate("annual_rate"),
            rate("flat_fee_rate").or_else("0"),
            day("started_on", business_date, after_business_date, "Import the loan once it has started."),
            text("external_id", LONGEST_EXTERNAL_ID).or_empty(),
        ),
    )
    instalments = Layout(
        "instalments",
        (
            loan_reference,
            whole_number("number"),
            day(
                "due_on",
                business_date.replace(year=business_date.year + YEARS_AHEAD, day=1),
                f"is more than {YEARS_AHEAD} years ahead",
                "Check the year.",
            ),
            amount("principal", decimals),
            amount("interest", decimals),
            amount("fee", decimals).or_else("0"),
        ),
    )
    payments = Layout(
        "payments",
        (
            text("payment_reference", LONGEST_PAYMENT_REFERENCE),
            loan_reference,
            day("received_on", business_date, after_business_date, "Import the payment once it has been received."),
            currency.or_else(policy.currency),
            amount("amount", decimals, above_zero=True),
            day(
                "reversed_on", business_date, after_business_date, "Import the reversal once the payment came back."
            ).or_empty(),
        ),
    )
    return loans, instalments, payments

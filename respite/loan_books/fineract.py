"""Apache Fineract as the book of record. A restructuring is its re-ageing; it has no equal of our deferral.

Fields and commands are those of Fineract 1.14 and later: `GET /loans/{id}`,
`GET /loans/{id}/transactions/reage-preview`, `POST /loans/{id}/transactions?command=reAge` and `undoReAge`.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO
from respite.loan_books import LoanBookRefusedError, Received, Statement
from respite.loan_books.http import BookClient
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind

OURS = "respite-"
"""What the external id of a re-ageing begins with that Respite has made; the key follows."""

RECEIVED = frozenset({"repayment", "downPayment", "merchantIssuedRefund", "payoutRefund", "goodwillCredit"})
"""Transactions that count towards the instalments like a payment."""

OF_NO_ACCOUNT = frozenset(
    {"disbursement", "accrual", "accrualActivity", "accrualAdjustment", "reAge", "initiateTransfer", "approveTransfer"}
)
"""Transactions that change nothing that is owed, or only the schedule, which is read anyway."""

DATES = {"dateFormat": "yyyy-MM-dd", "locale": "en"}


class FineractSettings(BaseSettings):
    """Where Fineract is and who asks; environment variables RESPITE_FINERACT_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="RESPITE_FINERACT_", extra="ignore")

    url: str
    """Up to the version, such as https://core.example/fineract-provider/api/v1."""

    tenant: str = "default"
    username: str
    password: SecretStr
    seconds: float = 3
    """How long connecting and each answer may take."""


class FineractLoanBook:
    def __init__(self) -> None:
        settings = FineractSettings()  # type: ignore[call-arg]  # read from the environment
        self._client = BookClient(
            settings.url,
            seconds=settings.seconds,
            headers={"Fineract-Platform-TenantId": settings.tenant},
            auth=(settings.username, settings.password.get_secret_value()),
        )

    def statement(self, loan_id: str) -> Statement:
        """Raises LoanBookRefusedError for a loan with transactions that Respite cannot follow."""
        loan = self._loan(loan_id)
        return Statement(
            annual_rate=Decimal(loan["annualInterestRate"]),
            schedule=_schedule(loan["repaymentSchedule"]["periods"]),
            payments=tuple(_received(loan)),
            plans={key: str(each["id"]) for key, each in _re_ageings(loan) if key},
        )

    def check(self, loan_id: str, terms: PlanTerms) -> None:
        """Ask for the schedule that a re-ageing would make, and compare it to the minor unit."""
        preview = self._client.get(f"/loans/{loan_id}/transactions/reage-preview", **_re_ageing(terms))
        first = terms.schedule[0].due
        before = [period for period in preview["periods"] if _date(period["dueDate"]) < first]
        if any(period.get("totalOutstandingForPeriod") for period in before):
            raise LoanBookRefusedError(
                f"Re-aged from {first} on, loan {loan_id} would still have arrears before that day."
            )
        made = _schedule([period for period in preview["periods"] if _date(period["dueDate"]) >= first])
        for asked, would_be in zip_longest(terms.schedule, made):
            if not (asked and would_be and _amounts(asked) == _amounts(would_be)):
                raise LoanBookRefusedError(
                    f"Loan {loan_id} would be re-aged otherwise than was offered: {would_be} in place of {asked}."
                )

    def put_in_force(self, loan_id: str, terms: PlanTerms, key: str) -> str:
        in_force = dict(_re_ageings(self._loan(loan_id)))
        if key in in_force:
            return str(in_force[key]["id"])
        self.check(loan_id, terms)
        answer = self._command(loan_id, "reAge", _re_ageing(terms) | {"externalId": OURS + key}, key)
        return str(answer["resourceId"])

    def undo(self, loan_id: str, key: str) -> None:
        """Fineract undoes the latest re-ageing and no other, and none after which something was paid."""
        keys = [found for found, _ in _re_ageings(self._loan(loan_id))]
        if key not in keys:
            return
        if key != keys[-1]:
            raise LoanBookRefusedError(f"Loan {loan_id} was re-aged by someone else since; that comes first.")
        self._command(loan_id, "undoReAge", {}, f"{key}-undo")

    def _loan(self, loan_id: str) -> Any:
        return self._client.get(f"/loans/{loan_id}", associations="repaymentSchedule,transactions")

    def _command(self, loan_id: str, command: str, body: dict[str, Any], key: str) -> Any:
        return self._client.post(f"/loans/{loan_id}/transactions", body, key, command=command)


def _re_ageing(terms: PlanTerms) -> dict[str, Any]:
    """A restructuring in Fineract's words. Raises LoanBookRefusedError for any other plan."""
    if terms.kind is not PlanKind.RESTRUCTURING:
        raise LoanBookRefusedError("Fineract moves every later due date with a deferred one, and cannot undo it.")
    return {
        "startDate": terms.until.isoformat(),
        "frequencyNumber": 1,
        "frequencyType": "MONTHS",
        "numberOfInstallments": terms.count,
    } | DATES


def _schedule(periods: list[dict[str, Any]]) -> Schedule:
    """The instalments of a schedule, which begins with a row for each disbursement that has no number."""
    due = [period for period in periods if "period" in period]
    return Schedule(
        tuple(
            Instalment(
                number=number,
                due=_date(period["dueDate"]),
                principal=Decimal(period["principalDue"]),
                interest=Decimal(period.get("interestDue", ZERO)),
                fee=Decimal(period.get("feeChargesDue", ZERO)),
                carried=Decimal(period.get("penaltyChargesDue", ZERO)),
            )
            for number, period in enumerate(due, start=1)
        ),
        start=_date(due[0]["fromDate"]) if due else None,
    )


def _amounts(line: Instalment) -> tuple[date, Decimal, Decimal]:
    """What a borrower sees of an instalment, whatever parts the charges in it are counted to."""
    return line.due, line.principal, line.total


def _received(loan: dict[str, Any]) -> Iterator[Received]:
    for transaction in loan["transactions"]:
        kinds = {name for name, is_it in transaction["type"].items() if is_it is True}
        if kinds & RECEIVED:
            yield Received(
                reference=f"fineract-{transaction['id']}",
                on=_date(transaction["date"]),
                amount=Decimal(transaction["amount"]),
                reversed_on=_reversed_on(transaction),
            )
        elif not kinds & OF_NO_ACCOUNT and not transaction["manuallyReversed"]:
            what = transaction["type"]["value"]
            raise LoanBookRefusedError(f"Loan {loan['id']} has a transaction that Respite cannot follow: {what}.")


def _reversed_on(transaction: dict[str, Any]) -> date | None:
    if not transaction["manuallyReversed"]:
        return None
    return _date(transaction.get("reversedOnDate") or transaction["date"])


def _re_ageings(loan: dict[str, Any]) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """The re-ageings in force, the latest last, each with Respite's key or none."""
    for transaction in sorted(loan["transactions"], key=lambda each: (_date(each["date"]), each["id"])):
        if transaction["type"].get("reAge") and not transaction["manuallyReversed"]:
            name = transaction.get("externalId") or ""
            yield (name.removeprefix(OURS) if name.startswith(OURS) else None), transaction


def _date(parts: list[int]) -> date:
    return date(*parts)

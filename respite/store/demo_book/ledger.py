"""How the invented lender writes: days counted from the business date, amounts in minor units, references."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from respite.lending.money import Money, Rounding
from respite.lending.schedule import Instalment, Schedule
from respite.policies.model import Policy
from respite.references import new_reference
from respite.store import models

NOON = time(12)


class Ledger:
    """The books of a lender on one business date. `random` decides references and days that do not matter."""

    def __init__(self, policy: Policy, business_date: date, random: Random) -> None:
        self.policy = policy
        self.business_date = business_date
        self.random = random
        self._timezone = ZoneInfo(policy.lender.timezone)

    def day(self, days: int) -> date:
        """The day so many days after the business date."""
        return self.business_date + timedelta(days=days)

    def noon(self, day: date) -> datetime:
        return datetime.combine(day, NOON, self._timezone).astimezone(UTC)

    def minor(self, amount: Decimal) -> int:
        return Money(Rounding().round(amount), self.policy.currency).minor

    def reference(self, prefix: str) -> str:
        """A reference like those of `new_reference`, but the same in every demo loan book."""
        return new_reference(prefix, self.random)

    def schedule(self, schedule: Schedule, since: date, **links: int) -> models.Schedule:
        """A schedule in force from noon of `since`, which accrues from its own start or else from then."""
        return models.Schedule(
            starts_on=schedule.start or since,
            effective_from=self.noon(since),
            active=True,
            instalments=[self._instalment(instalment) for instalment in schedule],
            **links,
        )

    def pay(self, loan: models.Loan, amount: Decimal, received_on: date) -> None:
        loan.payments.append(
            models.Payment(
                reference=f"{loan.reference}-{len(loan.payments) + 1:03}",
                received_on=received_on,
                received_at=self.noon(received_on),
                amount_minor=self.minor(amount),
            )
        )

    def pay_on_time(self, loan: models.Loan, instalments: Iterable[Instalment]) -> None:
        """Pay each instalment whole, on its due date or up to three days earlier."""
        for instalment in instalments:
            self.pay(loan, instalment.total, instalment.due - timedelta(days=self.random.randrange(4)))

    def _instalment(self, instalment: Instalment) -> models.Instalment:
        return models.Instalment(
            number=instalment.number,
            due_on=instalment.due,
            principal_minor=self.minor(instalment.principal),
            interest_minor=self.minor(instalment.interest),
            fee_minor=self.minor(instalment.fee),
            carried_minor=self.minor(instalment.carried),
        )

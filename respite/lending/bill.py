"""The bill: what a loan asks for today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.money import ZERO
from respite.lending.positions import Position


@dataclass(frozen=True)
class Bill:
    """What is asked for, part by part. `due` is the oldest due date in it."""

    due: date
    principal: Decimal
    interest: Decimal
    fee: Decimal
    carried: Decimal
    penalty: Decimal
    late_fee: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest + self.fee + self.carried + self.penalty + self.late_fee


def bill(position: Position) -> Bill:
    """Everything that is overdue, with its charges; where nothing is, the oldest instalment not yet paid.

    A settled loan asks for nothing and has no bill.
    """
    asked = position.overdue or position.remaining[:1]
    return Bill(
        due=asked[0].due,
        principal=sum((line.unpaid_principal for line in asked), ZERO),
        interest=sum((line.unpaid_interest for line in asked), ZERO),
        fee=sum((line.unpaid_fee for line in asked), ZERO),
        carried=sum((line.unpaid_carried for line in asked), ZERO),
        penalty=sum((line.penalty for line in asked), ZERO),
        late_fee=sum((line.late_fee for line in asked), ZERO),
    )

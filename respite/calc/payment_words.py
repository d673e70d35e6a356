"""Cash flows in words: "24 x 230 monthly"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.calc.words import parse_step
from respite.lending.calendar import ONE_DAY, Every, due_dates
from respite.lending.terms import LONGEST_COUNT

STEPS = {
    "daily": Every(days=1),
    "weekly": Every(days=7),
    "bi-weekly": Every(days=14),
    "biweekly": Every(days=14),
    "monthly": Every(months=1),
    "bi-monthly": Every(months=2),
    "quarterly": Every(months=3),
    "semi-annually": Every(months=6),
    "half-yearly": Every(months=6),
    "yearly": Every(months=12),
    "annually": Every(months=12),
}
HALF_MONTHLY = ("semi-monthly", "half-monthly")
HALF_MONTH = 15 * ONE_DAY
FREQUENCY = "|".join((*STEPS, *HALF_MONTHLY, r"every \d+ (?:days|weeks|months)"))
GROUP = re.compile(r"(?:(\d{1,4}) x )?(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class PaymentWords:
    """Amounts one after the other, and how often one is paid."""

    amounts: Sequence[Decimal]
    frequency: str

    def days(self, first: date | None, advanced_on: date) -> list[date]:
        """The days of the payments; the first is one step after the advance where it is not given."""
        count = len(self.amounts)
        if self.frequency in HALF_MONTHLY:
            start = first or advanced_on + HALF_MONTH
            halves = [due_dates(day, (count + 1) // 2) for day in (start, start + HALF_MONTH)]
            return sorted([*halves[0], *halves[1]])[:count]
        step = STEPS.get(self.frequency) or parse_step(self.frequency.removeprefix("every "))
        return list(due_dates(first or due_dates(advanced_on, 2, step)[1], count, step))


def parse_payments(text: object) -> PaymentWords:
    """Payments from words such as "23 x 230 then 280 monthly". Raises ValueError for other words."""
    found = re.fullmatch(rf"(.+?)(?: ({FREQUENCY}))?", str(text).strip().lower())
    groups = [GROUP.fullmatch(group.strip()) for group in re.split(r",? then |,", found[1])] if found else []
    amounts: list[Decimal] = []
    for group in groups:
        if group is None:
            break
        amounts += [Decimal(group[2])] * min(int(group[1] or 1), LONGEST_COUNT + 1)
    else:
        if found and 0 < len(amounts) <= LONGEST_COUNT and all(amounts):
            return PaymentWords(amounts, found[2] or "monthly")
    raise ValueError('Write [[date, amount], ...], or words such as "24 x 230 monthly" or "23 x 230 then 280 monthly".')

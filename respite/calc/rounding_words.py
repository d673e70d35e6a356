"""Rounding in words: "half_even", "interest down", "emi rounded up to whole unit"."""

import re
from dataclasses import dataclass

from respite.lending.money import RoundingMode

ROUNDING = re.compile(
    rf"(?:(?P<what>interest|emi|instalment) )?(?:rounded )?(?P<mode>{'|'.join(RoundingMode)}|truncate|none)"
    r"(?P<whole> to whole unit)?"
)
WHEN_SHOWN = {"none": RoundingMode.HALF_EVEN, "truncate": RoundingMode.DOWN}


@dataclass(frozen=True)
class RoundingChoice:
    """How amounts and instalment totals are rounded; `exact`: amounts only when they are shown."""

    amounts: RoundingMode = RoundingMode.HALF_EVEN
    totals: RoundingMode = RoundingMode.HALF_EVEN
    whole_units: bool = False
    exact: bool = False


def parse_rounding(value: object) -> RoundingChoice:
    """The rounding that the words name. Raises ValueError for other words."""
    found = ROUNDING.fullmatch(str(british(value)))
    if not found:
        raise ValueError(
            f'Name one of {", ".join(RoundingMode)}, truncate or none; "interest down" says what is rounded,'
            ' "emi rounded up to whole unit" to what.'
        )
    if found["mode"] in WHEN_SHOWN:
        return RoundingChoice(WHEN_SHOWN[found["mode"]], exact=True)
    mode = RoundingMode(found["mode"])
    if found["what"] in ("emi", "instalment"):
        return RoundingChoice(totals=mode, whole_units=bool(found["whole"]))
    return RoundingChoice(amounts=mode, whole_units=bool(found["whole"]))


def british(value: object) -> object:
    """A word in British spelling and small letters."""
    return value.lower().replace("installment", "instalment") if isinstance(value, str) else value

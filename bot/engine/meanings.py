"""A message that says two things is answered as two turns, one after the other."""

from __future__ import annotations

from typing import Any

from bot.engine.second_intent import SECOND_INTENT

Parsed = dict[str, Any]

PART = "part_of_message"
FIRST, SECOND = "first", "second"
PLANS = frozenset({"request_deferral", "request_restructure"})
EITHER_PLAN = "report_hardship"
"""What is answered with the best plans of both kinds."""
ASKING_BACK = PLANS | {EITHER_PLAN, "promise_to_pay", "cancel_arrangement"}
"""What ends in a question to the borrower, so that nothing else may come after it."""


def meanings(parsed: Parsed) -> list[Parsed]:
    """The one or two turns that a parsed message makes, in the order in which they are answered.

    A look-up or an explanation comes first, and whatever asks the borrower something comes last. Of two that ask
    back only the main one is taken, except that two kinds of plan are offered side by side.
    """
    second = parsed.get(SECOND_INTENT)
    if not second:
        return [parsed]
    names = {parsed["intent"]["name"], second["name"]}
    if names == PLANS:
        return [_meaning(parsed, EITHER_PLAN, parsed["intent"]["confidence"])]
    if names <= ASKING_BACK:
        return [parsed]
    both = [parsed, _meaning(parsed, second["name"], second["confidence"])]
    first, last = sorted(both, key=_place)
    return [first | {PART: FIRST}, last | {PART: SECOND}]


def _place(parsed: Parsed) -> int:
    name = parsed["intent"]["name"]
    return 2 if name in ASKING_BACK else 0 if name.startswith(("query_", "ask_")) else 1


def _meaning(parsed: Parsed, name: str, confidence: float) -> Parsed:
    return parsed | {"intent": {"name": name, "confidence": confidence}}

"""Mistakes in what a policy says about fresh codes, idle chats and risk, each named with what to do."""

from pathlib import Path

import pytest

from respite.policies.identity import IdentityPolicy
from respite.policies.load import SHIPPED, PolicyError, load_policy
from tests.unit.policies.files import edited, line_of

MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "codes that are never fresh": (
        "fresh_code_minutes: 10",
        "fresh_code_minutes: 0",
        "identity.fresh_code_minutes",
        "is 0; use 1 or more",
    ),
    "signed out at once": ("idle_minutes: 30", "idle_minutes: 0", "identity.idle_minutes", "is 0; use 1 or more"),
    "a day without an end": (
        "idle_minutes: 30",
        "idle_minutes: 2000",
        "identity.idle_minutes",
        "is 2000; use 1440 or less",
    ),
    "thresholds that fall": (
        "refuse_from: 80",
        "refuse_from: 30",
        "identity.risk.refuse_from",
        "is 30; use more than step_up_from (50)",
    ),
    "thresholds that are the same": (
        "refuse_from: 80",
        "refuse_from: 50",
        "identity.risk.refuse_from",
        "use more than step_up_from (50)",
    ),
    "a weight above a hundred": (
        "new_chat: {weight: 10}",
        "new_chat: {weight: 101}",
        "identity.risk.signals.new_chat.weight",
        "is 101; use 100 or less",
    ),
    "a weight below nothing": (
        "new_chat: {weight: 10}",
        "new_chat: {weight: -1}",
        "identity.risk.signals.new_chat.weight",
        "is -1; use 0 or more",
    ),
    "a signal without its limit": (
        "rapid_attempts: {weight: 30, at_least: 8}",
        "rapid_attempts: {weight: 30}",
        "identity.risk.signals.rapid_attempts.at_least",
        "is missing",
    ),
    "a signal that is only a number": (
        "new_chat: {weight: 10}",
        "new_chat: 10",
        "identity.risk.signals.new_chat",
        "is no section",
    ),
    "a signal with a typo": (
        "odd_hour: {",
        "odd_hours: {",
        "identity.risk.signals.odd_hours",
        "did you mean odd_hour?",
    ),
    "more hours than half a day": (
        "hours_from_usual: 4",
        "hours_from_usual: 13",
        "identity.risk.signals.odd_hour.hours_from_usual",
        "is 13; use 12 or less",
    ),
}


@pytest.mark.parametrize(("old", "new", "field", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, old: str, new: str, field: str, words: str
) -> None:
    file = edited(tmp_path, (old, new))
    with pytest.raises(PolicyError) as error:
        load_policy(str(file))
    [mistake] = error.value.mistakes
    assert (mistake.line, mistake.field) == (line_of(file, new), field)
    assert words in mistake.problem


def test_a_policy_that_says_nothing_of_identity_has_what_the_first_one_ships_with(tmp_path: Path) -> None:
    text = (SHIPPED / "cn.yml").read_text(encoding="utf-8")
    file = tmp_path / "lender.yml"
    file.write_text(text[: text.index("# A code that was typed")], encoding="utf-8")
    assert load_policy(str(file)).identity == IdentityPolicy() == load_policy("cn").identity

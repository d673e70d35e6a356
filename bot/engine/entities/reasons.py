"""Why a borrower cannot pay."""

import re
from collections.abc import Iterator
from itertools import islice

from bot.engine.entities.chinese_reasons import CHINESE_REASONS
from bot.engine.entities.english_reasons import ENGLISH_REASONS
from bot.engine.entities.finding import Finding

HARDSHIP_REASON = "hardship_reason"

_REASONS = {
    reason: re.compile("|".join((*phrases, *CHINESE_REASONS[reason])), re.ASCII)
    for reason, phrases in ENGLISH_REASONS.items()
}
_NOT_SO = re.compile(
    r"(?:\b(?:if|in case|unless|suppose)\b|如果|要是|万一|假如|假设|若)[^,.;!?，。；！？]*$"
    r"|\b(?:not|never|haven't|hasn't|didn't|wasn't)(?: been)? ?$|(?:没有?|不是|未|怕|担心|会不会|会唔会|是不是) ?$"
    r"|\b(?:(?:have|did|will|can|could) (?:i|they|you)|afraid of|worried about)(?: \w+)? ?$"
)


def find_hardship_reasons(text: str) -> Iterator[Finding]:
    """Find what has happened to the borrower, each kind of event once; the value is its name, such as `job_loss`.

    What is only imagined ("if I lose my job") or denied has not happened. Reasons stand in order: words that tell of
    one are not read as another ("my mother is ill" is a family emergency, not the borrower's illness).
    """
    taken: list[Finding] = []
    for reason, phrases in _REASONS.items():
        findings = (Finding(HARDSHIP_REASON, reason, *match.span()) for match in phrases.finditer(text))
        happened = (finding for finding in findings if not _NOT_SO.search(text[: finding.start]))
        taken += islice((each for each in happened if not any(each.overlaps(other) for other in taken)), 1)
    yield from taken

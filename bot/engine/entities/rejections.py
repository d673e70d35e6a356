"""What is named only to be replaced: not 6 instalments but 12."""

import re
from collections import Counter

from bot.engine.entities.finding import Finding

_REJECTING = re.compile(
    r"(?:\bnot(?: (?:the|in|on|for))?|\binstead of|\brather than|不要|不是|不想要|而不是|唔系|唔要|别) ?$"
)


def without_rejected(findings: list[Finding], text: str) -> list[Finding]:
    """Return the findings without those that `text` rejects in favour of another of the same kind."""
    of_kind = Counter(finding.entity for finding in findings)
    return [
        finding for finding in findings if of_kind[finding.entity] == 1 or not _REJECTING.search(text[: finding.start])
    ]

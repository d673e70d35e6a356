"""What a button means, as Rasa is told it."""

from __future__ import annotations

import json

from bot.engine.language_detector import LANGUAGE


def in_language(payload: str, language: str | None) -> str:
    """Add to a payload the language (`en`, `zh-Hans`, `zh-Hant`) of the answer, which no words of a borrower show."""
    if not language:
        return payload
    intent, brace, entities = payload.partition("{")
    told = json.loads(brace + entities) if brace else {}
    return f"{intent}{json.dumps(told | {LANGUAGE: language.split('-')[0]}, ensure_ascii=False)}"

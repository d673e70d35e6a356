"""Finds the entities of a borrower's message for Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    METADATA,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.engine.component import PlainComponent
from bot.engine.entities.amounts import find_amounts
from bot.engine.entities.bare_numbers import find_bare_number
from bot.engine.entities.contact_details import find_one_time_codes, find_phone_numbers
from bot.engine.entities.counts import find_instalment_counts
from bot.engine.entities.dates import find_dates
from bot.engine.entities.durations import find_durations
from bot.engine.entities.finding import Finding, fold
from bot.engine.entities.language_requests import find_language_requests
from bot.engine.entities.loans import find_loan_references
from bot.engine.entities.reasons import find_hardship_reasons
from bot.engine.entities.references import find_instalment_references
from bot.engine.entities.rejections import without_rejected

BUSINESS_DATE = "business_date"


def find_entities(text: str, business_date: date) -> list[Finding]:
    """Return the entities of `text` in its order; where two claim the same words, the more particular kind has them.

    What happened to the borrower is told by whole sentences, which may well hold a date or an amount.
    """
    folded = fold(text)
    chosen: list[Finding] = []
    for finding in _most_particular_first(folded, business_date):
        if not any(finding.overlaps(other) for other in chosen):
            chosen.append(finding)
    wanted = without_rejected(chosen, folded)
    return sorted([*wanted, *find_hardship_reasons(folded)], key=lambda finding: finding.start)


def _most_particular_first(text: str, business_date: date) -> Iterator[Finding]:
    yield from find_loan_references(text)
    yield from find_phone_numbers(text)
    yield from find_one_time_codes(text)
    yield from find_language_requests(text)
    yield from find_instalment_references(text, business_date)
    yield from find_instalment_counts(text)
    yield from find_dates(text, business_date)
    yield from find_durations(text)
    yield from find_amounts(text)
    yield from find_bare_number(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BorrowerEntityExtractor(PlainComponent, EntityExtractorMixin):
    """Adds the entities that `find_entities` finds.

    Dates resolve against `business_date` in the message's metadata, and against today in its absence (`rasa shell`).
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            given = (message.get(METADATA) or {}).get(BUSINESS_DATE)
            business_date = date.fromisoformat(given) if given else datetime.now(UTC).date()
            found = [_as_entity(finding) for finding in find_entities(message.get(TEXT) or "", business_date)]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(found), add_to_output=True)
        return messages


def _as_entity(finding: Finding) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: finding.entity,
        ENTITY_ATTRIBUTE_VALUE: finding.value,
        ENTITY_ATTRIBUTE_START: finding.start,
        ENTITY_ATTRIBUTE_END: finding.end,
    }

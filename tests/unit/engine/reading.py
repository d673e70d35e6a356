"""What the entity rules make of a sentence, on one business date."""

from datetime import date

from bot.engine.entities.extractor import find_entities

WEDNESDAY = date(2026, 11, 18)


def found(text, business_date=WEDNESDAY):
    return [(finding.entity, finding.value) for finding in find_entities(text, business_date)]

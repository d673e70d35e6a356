"""What may happen to a borrower's account while they are chatting."""

import json
import sqlite3
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from respite.clock import utc_now
from respite.settings import settings
from respite.store.models import Quote
from respite.store.session import transaction


def offers_expire(conversation_id: str) -> None:
    """The time in which the offers of a conversation could be accepted is over."""
    with transaction() as session:
        over = utc_now() - timedelta(seconds=1)
        session.execute(update(Quote).where(Quote.conversation_id == conversation_id).values(expires_at=over))


def loan_changes(conversation_id: str) -> None:
    """Something that changes what is owed has come in for every loan on offer."""
    with transaction() as session:
        for quote in session.query(Quote).filter_by(conversation_id=conversation_id, state="shown"):
            quote.loan.version += 1


def policy_changes(conversation_id: str) -> None:
    """The lender's rules are no longer those under which the offers were made."""
    with transaction() as session:
        offers = update(Quote).where(Quote.conversation_id == conversation_id)
        session.execute(offers.values(policy_version="an earlier one"))


def day_passes(conversation_id: str) -> None:
    """The offers were made on the business day before this one."""
    with transaction() as session:
        for quote in session.query(Quote).filter_by(conversation_id=conversation_id):
            quote.business_date -= timedelta(days=1)


def hours_pass(conversation_id: str) -> None:
    """The borrower was away for some hours, longer than an offer stands and shorter than a session lasts."""
    offers_expire(conversation_id)
    _rasa_remembers(conversation_id, ago=timedelta(hours=5))


def a_night_passes(conversation_id: str) -> None:
    """The borrower comes back the next day."""
    offers_expire(conversation_id)
    day_passes(conversation_id)
    _rasa_remembers(conversation_id, ago=timedelta(days=1))


def _rasa_remembers(conversation_id: str, ago: timedelta) -> None:
    """Everything that Rasa knows of a conversation happened longer `ago` by this much."""
    with sqlite3.connect(settings().home / "tracker.db") as trackers:
        [kept] = trackers.execute("SELECT events FROM trackers WHERE sender_id = ?", (conversation_id,)).fetchone()
        events: list[dict[str, Any]] = json.loads(kept)
        moved = [event | {"timestamp": event["timestamp"] - ago.total_seconds()} for event in events]
        trackers.execute("UPDATE trackers SET events = ? WHERE sender_id = ?", (json.dumps(moved), conversation_id))

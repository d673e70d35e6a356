"""What stands in a thread, as the page shows it: messages of all parties, and private notes between them."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.units import format_unit

from bot.texts import translate
from bot.web.labels import LINES, STATUSES
from bot.web.staff import formats
from bot.web.staff.console import PATH
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from bot.web.staff.words import cause_in_words
from respite.store.models import StaffNote
from respite.support.buttons import buttons_of
from respite.support.messages import BillCard, Card, File, Line, PlansCard, ReviewCard, ScheduleCard
from respite.support.staff_messages import Entry

Item = dict[str, Any]

SPEAKERS = {"borrower": "Borrower", "bot": "Bot", "system": "System"}
STATES = {
    "pending": "Sending …",
    "sending": "Sending …",
    "sent": "Sent",
    "failed": "Not sent",
    "unknown": "Nobody knows whether it arrived",
    "dismissed": "Seen to in another way",
    "withheld": "Held back: somebody had taken over, or the chat was ended",
}


def message_item(entry: Entry, conversation_id: str, names: Mapping[str, str], borrower: str) -> Item:
    """One message; `names` are those of staff, `borrower` that of whoever writes here."""
    kind = entry.author if entry.author in SPEAKERS else "staff"
    who = names.get(entry.author) or (borrower if kind == "borrower" else "") or say(SPEAKERS.get(kind, "Staff"))
    card = entry.message.card
    return _dated(entry) | {
        "key": f"m{entry.id}",
        "id": entry.id,
        "kind": kind,
        "who": who,
        "text": "" if _only_names_a_file(entry) else entry.message.text,
        "original": entry.original or "",
        "state": entry.state,
        "stateWords": say(STATES[entry.state]),
        "error": cause_in_words(entry.error),
        "clientId": entry.client_id or "",
        "files": [_file(file, conversation_id) for file in entry.message.files],
        "card": _card(card) if card else None,
        "buttons": [button.title for button in entry.message.buttons],
        "hasButtons": bool(buttons_of(entry.message)),
    }


def note_item(note: StaffNote, names: Mapping[str, str]) -> Item:
    """A private note."""
    return {
        "key": f"n{note.id}",
        "kind": "note",
        "who": names.get(note.author, ""),
        "text": note.text,
        "at": note.created_at.isoformat(),
        "time": formats.time_of_day(note.created_at),
        "day": formats.day_of(note.created_at),
    }


def _dated(entry: Entry) -> Item:
    return {
        "at": entry.at.isoformat(),
        "time": formats.time_of_day(entry.at),
        "day": formats.day_of(entry.at),
    }


def _only_names_a_file(entry: Entry) -> bool:
    return any(entry.message.text == file.name for file in entry.message.files)


def _file(file: File, conversation_id: str) -> Item:
    href = f"{PATH}/conversations/{conversation_id}/files/{file.id}"
    return {
        "id": file.id,
        "name": file.name,
        "size": _size(file.size),
        "href": href,
        "picture": f"{href}?look=1" if file.media_type.startswith("image/") else "",
    }


def _size(size: int) -> str:
    unit, amount = ("kilobyte", size / 1e3) if size < 1e6 else ("megabyte", size / 1e6)
    return str(format_unit(amount, f"digital-{unit}", "short", "0.#" if amount < 10 else "0", locale=formats.locale()))


def _card(card: Card) -> Item:
    match card:
        case PlansCard():
            parts = [{"title": option.title, "lines": _lines(option.lines)} for option in card.options]
            return {"title": say("Plans to choose from"), "parts": parts}
        case ReviewCard():
            part = {"title": _page_words(STATUSES[card.state]), "lines": _lines(card.lines)}
            return {"title": f"{card.title} · {card.reference or card.loan_reference}", "parts": [part]}
        case BillCard():
            part = {"title": f"{_page_words(STATUSES[card.status])}: {card.headline}", "lines": _lines(card.lines)}
            return {"title": f"{card.product} · {card.loan_reference}", "parts": [part]}
        case ScheduleCard():
            rows = [{"label": row.due_date, "value": row.amount} for row in card.rows]
            return {
                "title": f"{card.product} · {card.loan_reference}",
                "parts": [{"title": card.headline, "lines": rows}],
            }


def _lines(lines: Sequence[Line]) -> list[Item]:
    return [{"label": _page_words(LINES.get(line.label, line.label)), "value": line.value} for line in lines]


def _page_words(text: str) -> str:
    """Words of the borrower's page in the language of whoever looks."""
    return translate(visit().language, text)

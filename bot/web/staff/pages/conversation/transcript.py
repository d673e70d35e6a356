"""The transcript of a conversation: what was said, as a text to keep."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path
from fastapi.responses import PlainTextResponse
from nicegui import app
from sqlalchemy.orm import Session

from bot.transactions import in_store
from bot.web.page import NO_STORE
from bot.web.staff.console import console
from bot.web.staff.pages.conversation.files import IDENTIFIER
from bot.web.staff.pages.conversation.items import SPEAKERS, STATES
from bot.web.staff.texts import translate
from bot.web.staff.visits import arriving
from respite.staff.accounts import find, names_of
from respite.store.models import Conversation
from respite.support.staff_messages import Entry, export_thread


@app.get("/conversations/{conversation_id}/transcript")
async def transcript(conversation_id: Annotated[str, Path(pattern=IDENTIFIER)]) -> PlainTextResponse:
    """The whole thread, one message a paragraph; private notes are not in it."""
    visit, clock = arriving.get(), console().clock

    def export(session: Session) -> str | None:
        by, conversation = find(session, visit.staff_id), session.get(Conversation, conversation_id)
        assert by, "the door lets members in only"
        if conversation is None:
            return None
        entries = export_thread(session, conversation_id, by, clock.now())
        names = names_of(session, [entry.author for entry in entries])
        if conversation.borrower:
            names |= {"borrower": conversation.borrower.name}
        return "\n\n".join(_paragraph(entry, names, visit.language) for entry in entries)

    text = await in_store(export)
    if text is None:
        return PlainTextResponse(translate(visit.language, "There is no such conversation."), 404, NO_STORE)
    name = quote(f"{translate(visit.language, 'Transcript')} {conversation_id[:8]}.txt")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", **NO_STORE}
    return PlainTextResponse(f"{text}\n", headers=headers)


def _paragraph(entry: Entry, names: dict[str, str], language: str) -> str:
    at = entry.at.astimezone(console().clock.timezone).isoformat(" ", "minutes")
    who = names.get(entry.author) or translate(language, SPEAKERS.get(entry.author, "Staff"))
    state = "" if entry.state == "sent" else f" [{translate(language, STATES[entry.state])}]"
    files = "".join(f"\n[{file.name}]" for file in entry.message.files)
    return f"{at} {who}{state}:\n{entry.message.text}{files}"

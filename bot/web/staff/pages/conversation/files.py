"""Files in both directions, and the transcript: fetched and sent by the console's pages, behind its door."""

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Header, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from nicegui import app
from sqlalchemy.orm import Session

from bot.channels.frames import CLIENT_ID
from bot.transactions import from_store, in_store
from bot.web.page import NO_STORE
from bot.web.security import comes_from_our_page
from bot.web.staff.console import console
from bot.web.staff.texts import translate
from bot.web.staff.visits import arriving
from respite.staff.accounts import find as find_member
from respite.store.audit import record
from respite.store.models import Attachment
from respite.support.attachments import AttachmentRefusedError, find, keep
from respite.support.ownership import TakeoverRefusedError
from respite.support.staff_messages import send, sent_as

IDENTIFIER = "^[0-9a-f]{32}$"

Identifier = Annotated[str, Path(pattern=IDENTIFIER)]


@app.get("/conversations/{conversation_id}/files/{file_id}")
async def fetch(conversation_id: Identifier, file_id: Identifier, look: bool = False) -> Response:
    """A file of a conversation, to be kept; a picture also to `look` at. No browser runs what is in it."""
    visit, now = arriving.get(), console().clock.now()

    def read(session: Session) -> Attachment | None:
        file = find(session, conversation_id, file_id)
        if file is not None:
            session.refresh(file, ["content"])
        return file

    file = await from_store(read)
    if file is None:
        return PlainTextResponse(translate(visit.language, "There is no such file."), 404, NO_STORE)
    is_looked_at = look and file.media_type.startswith("image/")
    if not is_looked_at:
        details, subject = {"file": file_id}, f"conversation:{conversation_id}"
        await in_store(
            lambda session: record(
                session,
                actor=f"staff:{visit.staff_id}",
                action="attachment_fetched",
                subject=subject,
                details=details,
                at=now,
            )
        )
    place = "inline" if is_looked_at else f"attachment; filename*=UTF-8''{quote(file.name)}"
    headers = {"Content-Disposition": place, "Content-Security-Policy": "sandbox", **NO_STORE}
    return Response(file.content, media_type=file.media_type, headers=headers)


@app.post("/files", status_code=204)
async def send_file(
    request: Request,
    conversation: Annotated[str, Query(pattern=IDENTIFIER)],
    client_id: Annotated[str, Query(pattern=CLIENT_ID)],
    name: Annotated[str, Header(alias="X-File-Name", max_length=1000)] = "",
) -> Response:
    """Send a file to the borrower: its content is the body, its percent-encoded name a header."""
    visit, now, content = arriving.get(), console().clock.now(), await request.body()
    if not comes_from_our_page(request):
        return PlainTextResponse("Send files on the page of a conversation.", status_code=400)

    def send_it(session: Session) -> None:
        by = find_member(session, visit.staff_id)
        assert by, "the door lets members in only"
        if sent_as(session, conversation, client_id):
            return
        file = keep(session, conversation, unquote(name), content, now)
        send(session, conversation, by, file.name, client_id=client_id, files=(file,), now=now)

    try:
        await in_store(send_it)
    except (AttachmentRefusedError, TakeoverRefusedError) as refusal:
        return PlainTextResponse(translate(visit.language, str(refusal)), status_code=409)
    return Response(status_code=204)

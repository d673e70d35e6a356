"""Files between a borrower and staff: taken from the page as they come, given back to their own chat only."""

from contextlib import ExitStack
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Header, Path, Query, Request, Response
from sqlalchemy.orm import Session

from bot.channels.frames import CLIENT_ID
from bot.channels.webchat import WebChat
from bot.incoming import ReceivedFile
from bot.transactions import from_store
from bot.web.access import ActingChat, ReadingChat
from bot.web.bodies import Allowance
from bot.web.page import NO_STORE
from bot.web.refusals import Refusal
from bot.web.security import address_of
from bot.web.transfers import Download, Transfers
from respite.store.models import Attachment, Conversation
from respite.support.attachments import LARGEST_FILE, find

UPLOAD_PATH = "/files"
STAFF_UPLOAD_PATH = "/staff/files"
UPLOAD = Allowance(size=LARGEST_FILE, seconds=300)
NOT_FOUND = "There is no such file in this chat. Sign in on the chat page, then open it there."

router = APIRouter()


@router.post(UPLOAD_PATH, status_code=202)
async def send_file(
    request: Request,
    conversation_id: ActingChat,
    client_id: Annotated[str, Query(pattern=CLIENT_ID)],
    name: Annotated[str, Header(alias="X-File-Name", max_length=1000)] = "",
) -> None:
    """Say something with a file: its content is the body, its percent-encoded name a header, which no log holds."""
    chat: WebChat = request.app.state.chat
    transfers: Transfers = request.app.state.transfers
    with transfers.one_more(address_of(request)):
        file = ReceivedFile(unquote(name), await request.body())
        await chat.receive_file(conversation_id, client_id, file, address_of(request))


@router.get("/files/{file_id}")
async def fetch_file(
    request: Request, file_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], conversation_id: ReadingChat
) -> Response:
    """A file of the reader's own chat, to be kept and not to be shown: no browser runs what is in it."""
    transfers: Transfers = request.app.state.transfers
    with ExitStack() as while_read:
        while_read.enter_context(transfers.one_more(address_of(request)))
        file = await from_store(lambda session: _file(session, conversation_id, file_id))
        if file is None:
            raise Refusal(404, NOT_FOUND)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        headers = {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox", **NO_STORE}
        return Download(file.content, file.media_type, headers, while_read.pop_all())


def _file(session: Session, conversation_id: str | None, file_id: str) -> Attachment | None:
    """With its content; a chat whose borrower was signed out shows none until they sign in again."""
    conversation = conversation_id and session.get(Conversation, conversation_id)
    if not conversation or (conversation.borrower_id and conversation.verified_at is None):
        return None
    file = find(session, conversation.id, file_id)
    if file is not None:
        session.refresh(file, ["content"])
    return file

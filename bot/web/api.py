"""The chat without a page, for terminals and tests. The bearer token is the chat's own."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from bot.channels.frames import Frame
from bot.channels.webchat import WebChat
from bot.web.entries import Author, ChatEntry, Cursor
from bot.web.languages import preferred_language
from bot.web.security import address_of
from respite.support.messages import Button, Card, File

SHORTEST_TOKEN = 22  # 128 bits in base64
LONGEST_WAIT = 30

router = APIRouter(prefix="/api")


class ShownButton(BaseModel):
    """A button to press by sending its reference; one without a reference has been used."""

    title: str
    reference: str


class ShownMessage(BaseModel):
    id: int
    author: Author
    text: str
    card: Card | None
    buttons: list[ShownButton]
    files: tuple[File, ...]
    at: datetime
    client_id: str | None


class Messages(BaseModel):
    """What is above the cursor, the next cursor, whether there is more above that, and whether an answer is coming."""

    messages: list[ShownMessage]
    cursor: int
    has_more: bool
    language: str
    answering: bool


async def conversation(request: Request, bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """The conversation of the bearer token, begun when there was none."""
    if len(bearer.credentials) < SHORTEST_TOKEN:
        raise HTTPException(401, f"The bearer token must have {SHORTEST_TOKEN} characters or more.")
    chat: WebChat = request.app.state.chat
    return await chat.open(bearer.credentials, preferred_language(request))


@router.post("/messages", status_code=202)
async def send(request: Request, frame: Frame, conversation_id: Annotated[str, Depends(conversation)]) -> None:
    """Say something. The same client_id is taken once."""
    chat: WebChat = request.app.state.chat
    await chat.receive(conversation_id, frame, address_of(request))


@router.get("/messages")
async def read(
    request: Request,
    conversation_id: Annotated[str, Depends(conversation)],
    after: Cursor = 0,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
) -> Messages:
    """What is above the cursor `after`; waits `wait` seconds for it while an answer is being written.

    What is much comes in pieces: ask with the next cursor for as long as there is more.
    """
    chat: WebChat = request.app.state.chat
    change = await chat.next_change(conversation_id, after, wait)
    return Messages(
        messages=[_shown(entry) for entry in change.entries],
        cursor=change.cursor,
        has_more=change.has_more,
        language=change.language,
        answering=change.answering,
    )


def _shown(entry: ChatEntry) -> ShownMessage:
    buttons: tuple[Button, ...] = entry.message.buttons if entry.message else ()
    return ShownMessage(
        id=entry.id,
        author=entry.author,
        text=entry.text,
        card=entry.message.card if entry.message else None,
        buttons=[ShownButton(title=button.title, reference=button.reference) for button in buttons],
        files=entry.files,
        at=entry.at,
        client_id=entry.client_id,
    )

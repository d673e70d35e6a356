"""Files between a borrower and staff: checked by what is in them, and encrypted before they are stored."""

from datetime import datetime
from pathlib import PurePath

import puremagic
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.models import Attachment
from respite.support.messages import File

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes."""

MEDIA_TYPES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
LONGEST_NAME = 80


class AttachmentRefusedError(ValueError):
    """A file that is not taken; its text, in English, is for the borrower."""


class TooLargeError(AttachmentRefusedError):
    def __init__(self) -> None:
        super().__init__("This file is larger than 10 MB. Please send a smaller one, such as a photo of each page.")


class UnknownKindError(AttachmentRefusedError):
    def __init__(self) -> None:
        super().__init__("I can take photos (JPEG, PNG, WebP) and PDF documents. Please send this as one of them.")


def keep(session: Session, conversation_id: str, name: str, content: bytes, now: datetime) -> File:
    """Store a file of a conversation. Raises AttachmentRefusedError; nothing is stored then.

    What kind of file it is says its content, never its name.
    """
    if len(content) > LARGEST_FILE:
        raise TooLargeError
    media_type = _media_type(content)
    attachment = Attachment(
        conversation_id=conversation_id,
        name=_plain_name(name, media_type),
        media_type=media_type,
        size=len(content),
        content=content,
        created_at=now,
    )
    session.add(attachment)
    session.flush()
    return File(id=attachment.id, name=attachment.name, media_type=media_type, size=attachment.size)


def find(session: Session, conversation_id: str, attachment_id: str) -> Attachment | None:
    """A file of one conversation; None where that conversation has no such file."""
    return session.scalar(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.conversation_id == conversation_id)
    )


def _media_type(content: bytes) -> str:
    try:
        found = puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        raise UnknownKindError from None
    if found not in MEDIA_TYPES:
        raise UnknownKindError
    return str(found)


def _plain_name(name: str, media_type: str) -> str:
    """The name without a folder and without what cannot be printed, with the ending of what the file is."""
    stem = "".join(filter(str.isprintable, PurePath(name.replace("\\", "/")).stem)).strip(". ")
    return (stem[:LONGEST_NAME] or "file") + MEDIA_TYPES[media_type]

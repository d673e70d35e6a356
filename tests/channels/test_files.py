"""Files on the web: taken from whoever is signed in, kept for staff, given back to the same chat and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot import flooding
from bot.inbox import ENOUGH_FILES, FILE_IN_A_FLOOD
from bot.web import transfers
from bot.web.access import COOKIE
from respite.settings import settings
from respite.store.models import Attachment, Conversation
from respite.support.attachments import LARGEST_FILE, keep
from tests.channels.servers import Server
from tests.databases import ON_SQLITE
from tests.web.lender import SECRET, signed

pytestmark = ON_SQLITE

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
NAME = "工资单 November.pdf"


@pytest.fixture
def web_settings() -> dict[str, Any]:
    return {"lender_token_key": SecretStr(SECRET), "lender_token_algorithm": "HS256"}


@pytest.fixture
async def signed_in(browser: httpx.AsyncClient, mei: int) -> httpx.AsyncClient:
    """A browser in which Mei is signed in."""
    await browser.get("/enter", params={"token": signed("B-MEI")})
    return browser


async def send(browser: httpx.AsyncClient, content: Any = PDF, name: str = NAME, client_id: str = "first") -> int:
    headers = {"X-File-Name": quote(name)}
    answer = await browser.post("/files", params={"client_id": client_id}, content=content, headers=headers)
    return answer.status_code


def kept(session_factory: sessionmaker[Session]) -> list[Attachment]:
    with session_factory() as session:
        return list(session.scalars(select(Attachment)))


async def test_a_flood_of_files_is_not_kept(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "messages_a_minute", 2)
    for number in range(5):
        assert await send(signed_in, client_id=str(number)) == 202
    assert len(kept(session_factory)) == 3
    assert FILE_IN_A_FLOOD in (await signed_in.get("/")).text


async def test_no_more_files_are_kept_than_are_enough_for_a_day(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flooding, "FILES_A_DAY", 2)
    for number in range(3):
        await send(signed_in, client_id=str(number))
    assert len(kept(session_factory)) == 2
    assert ENOUGH_FILES in (await signed_in.get("/")).text


async def test_a_file_is_kept_and_stands_in_the_chat(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    assert await send(signed_in) == 202
    [file] = kept(session_factory)
    assert (file.name, file.media_type, file.size) == (NAME, "application/pdf", len(PDF))
    page = (await signed_in.get("/")).text
    assert f'href="/files/{file.id}" data-document' in page
    assert 'data-client-id="first"' in page


async def test_the_same_upload_twice_is_one_file(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    assert [await send(signed_in), await send(signed_in)] == [202, 202]
    assert len(kept(session_factory)) == 1


async def test_it_is_given_back_to_be_kept_and_never_run(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    await send(signed_in)
    [file] = kept(session_factory)
    answer = await signed_in.get(f"/files/{file.id}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["cache-control"] == "no-store"


async def test_nobody_else_gets_it(
    web: Server, signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session], mei: int
) -> None:
    await send(signed_in)
    [file] = kept(session_factory)
    async with httpx.AsyncClient(base_url=web.url, trust_env=False) as stranger:
        assert (await stranger.get(f"/files/{file.id}")).status_code == 404
        await stranger.get("/")
        assert (await stranger.get(f"/files/{file.id}")).status_code == 404
        await stranger.get("/enter", params={"token": signed("B-MEI")})
        assert (await stranger.get(f"/files/{file.id}")).status_code == 404


async def test_who_is_signed_out_gets_it_no_more(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    await send(signed_in)
    [file] = kept(session_factory)
    with session_factory.begin() as session:
        session.get_one(Conversation, file.conversation_id).verified_at = None
    assert (await signed_in.get(f"/files/{file.id}")).status_code == 404


async def test_a_file_from_staff_is_the_borrowers_too(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    with session_factory.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        file = keep(session, conversation.id, "agreement.pdf", PDF, conversation.created_at)
    assert (await signed_in.get(f"/files/{file.id}")).content == PDF


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"", b"MZ\x90\x00" + bytes(60)])
async def test_what_is_no_photo_and_no_document_is_refused_in_words(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session], content: bytes
) -> None:
    assert await send(signed_in, content, "photo.pdf") == 202
    assert kept(session_factory) == []
    assert "photos (JPEG, PNG, WebP) and PDF" in (await signed_in.get("/")).text


async def test_a_stranger_is_asked_to_sign_in_first(
    browser: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    await browser.get("/")
    assert await send(browser) == 401
    await browser.post("/language", data={"language": "en"})
    assert await send(browser) == 202
    assert kept(session_factory) == []
    assert "Please sign in first" in (await browser.get("/")).text


async def test_a_page_of_another_site_sends_nothing(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    signed_in.headers["Origin"] = "https://elsewhere.example"
    assert await send(signed_in) == 400
    assert kept(session_factory) == []


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield bytes(65536)


@pytest.mark.parametrize("is_chunked", [True, False])
async def test_more_than_ten_megabytes_are_not_taken_however_they_come(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session], is_chunked: bool
) -> None:
    large = in_pieces(LARGEST_FILE) if is_chunked else bytes(LARGEST_FILE + 1)
    assert await send(signed_in, large) == 413
    assert kept(session_factory) == []


async def test_ten_megabytes_are_taken_in_pieces(
    signed_in: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield PDF
        for _ in range(9):
            yield bytes(1024 * 1024)

    assert await send(signed_in, pieces()) == 202
    [file] = kept(session_factory)
    assert file.size == len(PDF) + 9 * 1024 * 1024


async def test_one_address_has_only_so_many_files_on_their_way(
    web: Server, signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_FROM_AN_ADDRESS", 1)
    go_on = asyncio.Event()

    async def unhurried() -> AsyncIterator[bytes]:
        yield PDF
        await go_on.wait()

    first = asyncio.create_task(send(signed_in, unhurried(), client_id="first"))
    async with asyncio.timeout(5):
        while not web.app.state.transfers.going():  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)
    assert await send(signed_in, client_id="second") == 503
    go_on.set()
    assert await first == 202
    assert await send(signed_in, client_id="third") == 202


async def test_an_unknown_client_id_or_file_id_is_refused(signed_in: httpx.AsyncClient) -> None:
    assert await send(signed_in, client_id="../../x") == 422
    assert (await signed_in.get("/files/..%2f..%2fetc")).status_code in (404, 422)
    assert COOKIE in signed_in.cookies

"""The page that plays the lender's in a demonstration, and its server, which vouches for invented borrowers only."""

from datetime import date
from pathlib import Path

import httpx
import pytest

from bot.web.app import create_app
from respite.policies.load import policy
from respite.settings import Settings
from respite.store.demo_book import demo_borrowers, seed
from respite.store.session import transaction
from tests.channels.servers import Server
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE

VISITORS = demo_borrowers("en")


@pytest.fixture
def demo_book(web: Server) -> None:
    with transaction() as session:
        seed(session, policy(), date(2026, 11, 22), size=len(VISITORS))


@pytest.mark.usefixtures("demo_book")
async def test_each_visitor_is_signed_in_to_the_chat_of_their_own(browser: httpx.AsyncClient) -> None:
    views = set()
    for visitor in range(len(VISITORS)):
        page = await browser.get("/demo-shop", params={"visitor": visitor, "lang": "en"})
        assert f"Signed in as {VISITORS[visitor].name}" in page.text
        token = (await browser.post("/demo-shop/token", params={"visitor": visitor})).json()
        chat = await browser.post("/embedded/chats", json=token)
        assert chat.status_code == 200
        views.add(chat.json()["view"])
    assert len(views) == len(VISITORS)


@pytest.mark.usefixtures("demo_book")
async def test_it_vouches_for_nobody_else(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/demo-shop/token")).json() == {"token": None}
    assert (await browser.post("/demo-shop/token", params={"visitor": len(VISITORS)})).status_code == 422
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert (await browser.post("/demo-shop/token", params={"visitor": 0}, headers=elsewhere)).json() == {"token": None}


async def test_where_there_is_no_demo_book_it_vouches_for_nobody(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/demo-shop/token", params={"visitor": 0})).json() == {"token": None}


@pytest.mark.usefixtures("store_url")
async def test_outside_a_demonstration_there_is_no_such_page_and_no_frame(tmp_path: Path) -> None:
    smtp = {
        "code_sender": "smtp",
        "smtp_host": "mail",
        "smtp_sender": "a@b.example",
        "smtp_recipient": "{phone}@b.example",
    }
    app = create_app(Settings(demo=False, home=tmp_path, **smtp))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat.example") as browser:
        assert (await browser.get("/demo-shop")).status_code == 404
        assert (await browser.post("/demo-shop/token", params={"visitor": 0})).status_code == 404
        refused = await browser.get("/embedded")
        assert refused.status_code == 404
        assert "RESPITE_EMBED_ORIGINS" in refused.text

"""Pages of the console without a browser: what they say to whom, and in every state."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from nicegui import ui
from nicegui.testing import User
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.web.app import create_app
from bot.web.staff import figures
from bot.web.staff.mounting import mount
from respite.clock import utc_now
from respite.settings import Settings
from respite.staff import accounts
from respite.staff.accounts import Profile
from respite.staff.roles import StaffRole
from respite.store.models import AuditEntry, StaffMember
from respite.store.session import reading, transaction
from tests.web.staff.conftest import Member, forget_what_nicegui_knows

HOST = "http://console.example"
SignIn = Callable[[Member], Awaitable[User]]


@pytest.fixture
async def sign_in(session_factory: sessionmaker[Session], tmp_path: Path) -> AsyncIterator[SignIn]:
    """Signs a member in and returns what they see."""
    forget_what_nicegui_knows()
    web = create_app(Settings(home=tmp_path, demo=True))
    mount(web)
    clients: list[httpx.AsyncClient] = []

    async def do(member: Member) -> User:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOST, headers={"Origin": HOST})
        clients.append(client)
        form = {"login": member.login, "password": "a pine on the north slope", "code": member.code()}
        assert (await client.post("/staff/sign-in", data=form)).status_code == 303
        return User(client)

    with pytest.MonkeyPatch.context() as restored:
        for replaced_by_a_user in ("navigate", "notify", "download"):
            restored.setattr(ui, replaced_by_a_user, getattr(ui, replaced_by_a_user))
        async with web.router.lifespan_context(web):
            yield do
            for client in clients:
                await client.aclose()


async def test_a_member_sees_who_they_are_here(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    await user.open("/staff/account")

    for words in ("lin", "Agent", "Lin", "English, Chinese", "This browser", "0 of 10 recovery codes left"):
        await user.should_see(words)


async def test_a_member_of_a_provider_has_no_password_to_change(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    with transaction() as session:
        session.get_one(StaffMember, lin.id).oidc_subject = "248"
    await user.open("/staff/account")

    await user.should_see("You sign in with your work account.")
    await user.should_not_see("Change password")


async def test_an_agent_is_told_that_a_page_is_not_for_their_role(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    answer = await user.http_client.get("/staff/accounts")

    assert answer.status_code == 403
    assert "This page is not for your role" in answer.text
    assert 'href="/staff/accounts"' not in answer.text.replace("\\", "")


async def test_the_pages_speak_the_members_language(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    with transaction() as session:
        session.get_one(StaffMember, lin.id).interface_language = "zh-Hans"
    await user.open("/staff/account")

    await user.should_see("我的账号")
    await user.should_see("英文、中文")


async def test_an_admin_sees_every_account_and_where_it_stands(sign_in: SignIn, ada: Member, lin: Member) -> None:
    with transaction() as session:
        accounts.add(session, "noor", Profile("Noor", StaffRole.AGENT), "system", utc_now())
        accounts.deactivate(session, session.get_one(StaffMember, lin.id), f"staff:{ada.id}", utc_now())
    user = await sign_in(ada)
    await user.open("/staff/accounts")

    for words in ("Ada", "Lin", "Noor", "Active", "Deactivated", "Invitation expired"):
        await user.should_see(words)


async def test_an_admin_changes_a_role_and_the_list_shows_it(sign_in: SignIn, ada: Member, lin: Member) -> None:
    user = await sign_in(ada)
    await user.open("/staff/accounts")
    with transaction() as session:
        member = session.get_one(StaffMember, lin.id)
        accounts.change_role(session, member, StaffRole.SUPERVISOR, f"staff:{ada.id}", utc_now())
    await user.open("/staff/accounts")

    await user.should_see("Supervisor")
    with reading() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_changed")).one()


async def test_reports_of_days_without_anything_say_so(sign_in: SignIn, wei: Member) -> None:
    user = await sign_in(wei)
    await user.open("/staff/reports")
    await user.should_see("Nothing to count")
    await user.open("/staff/reports?side=loans")

    await user.should_see("Nothing to count")


@pytest.mark.parametrize("days", ["first=2026-11-02&last=2026-11-01", "first=tomorrow", "last=2999-01-01"])
async def test_days_that_make_no_period_are_refused_in_words(sign_in: SignIn, wei: Member, days: str) -> None:
    user = await sign_in(wei)
    await user.open(f"/staff/reports?{days}")

    await user.should_see("These days make no period")


async def test_a_part_that_cannot_be_loaded_says_so_and_offers_another_try(
    sign_in: SignIn, wei: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(figures, "queue_now", fail)
    user = await sign_in(wei)
    await user.open("/staff/reports")
    await user.should_see("This could not be loaded")
    monkeypatch.undo()

    user.find("Try again").click()
    await user.should_see("Waiting now")


async def test_a_panel_gives_its_figures_as_a_file(sign_in: SignIn, wei: Member) -> None:
    user = await sign_in(wei)
    await user.open("/staff/reports?first=2026-11-01&last=2026-11-02")
    await user.should_see("Why a person came in")
    user.find(kind=ui.element, marker="containment").click()

    answer = await user.download.next()
    assert answer.text.splitlines() == [
        "on,contacts,solved_by_bot,share",
        "2026-11-01,0,0,",
        "2026-11-02,0,0,",
        "total,0,0,",
    ]

"""The frame around every page: where one is, where one can go, and how the console looks to whoever works in it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import ui

from bot.texts import LANGUAGES
from bot.transactions import in_store
from bot.web.assets import assets_path
from bot.web.staff.console import PATH, lender_name
from bot.web.staff.current import act
from bot.web.staff.design.buttons import icon_button, press_with
from bot.web.staff.design.icons import icon
from bot.web.staff.design.tags import tag
from bot.web.staff.texts import say
from bot.web.staff.visits import Visit, visit
from respite.staff import accounts
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember

SCHEMES = {"auto": "light dark", "light": "light", "dark": "dark"}
DARK = {"auto": None, "light": False, "dark": True}
NEXT_THEME = {"auto": "light", "light": "dark", "dark": "auto"}
THEME_NAMES = {"auto": "Colours: as the system", "light": "Colours: light", "dark": "Colours: dark"}
SHORT_NAMES = {"en": "EN", "zh-Hans": "简", "zh-Hant": "繁"}


@dataclass(frozen=True)
class Place:
    """A page's place in the navigation: its icon, the key that follows g to get there, and its rank."""

    icon: str
    key: str
    rank: int


@dataclass(frozen=True)
class PageInfo:
    """What the shell knows about a page. `path` is below /staff; `title` is English."""

    path: str
    title: str
    at_least: StaffRole
    place: Place | None = None


@contextmanager
def shell(info: PageInfo, pages: Sequence[PageInfo]) -> Iterator[None]:
    """The frame of one page; what is made inside is the page. `pages` are those of the navigation."""
    visitor = visit()
    ui.page_title(f"{say(info.title)} · {lender_name(visitor.language)}")
    ui.add_head_html(_head(visitor.theme))
    _leave_main_to_the_page()
    with ui.element("div").classes("console"):
        link_to_content = tag("a", say("Skip to the page"), "skip")
        link_to_content.props("href=#page")
        _rail(info, pages)
        with ui.element("header").classes("topbar"):
            tag("h1", say(info.title))
            _tools(visitor)
        with ui.element("main").classes("page").props("id=page tabindex=-1"):
            yield
    _help()


def _leave_main_to_the_page() -> None:
    """Quasar puts everything into a `main`; here that is the page without the frame around it."""
    [quasar_page] = ui.context.client.page_container.default_slot.children
    quasar_page.tag = "div"


def _head(theme: str) -> str:
    files = f"{assets_path()}/staff"
    return (
        f'<link rel="stylesheet" href="{files}/tokens.css">'
        f"<style>:root {{ color-scheme: {SCHEMES[theme]}; }}</style>"
        f'<link rel="stylesheet" href="{files}/console.css">'
        f'<script type="module" src="{files}/console.js"></script>'
    )


def _rail(info: PageInfo, pages: Sequence[PageInfo]) -> None:
    """The way to every page that the member's role includes."""
    with ui.element("nav").classes("rail") as rail:
        rail.props["aria-label"] = say("Pages")
        ui.element("img").props(f'src={assets_path()}/icon.svg alt="" width=32 height=32')
        for page in pages:
            assert page.place
            with ui.element("a").classes("rail-link").props(f"href={PATH}{page.path}") as way:
                icon(page.place.icon)
                tag("span", say(page.title))
            press_with(way, f"g {page.place.key}")
            if page is info:
                way.props("aria-current=page")


def _tools(visitor: Visit) -> None:
    """How the console looks, help, the member's own account, and the way out."""
    with ui.element("div").classes("tools"):
        with ui.element("div").classes("segments").props("role=group") as languages:
            languages.props["aria-label"] = say("Language")
            for code, name in LANGUAGES.items():
                choice = tag("button", SHORT_NAMES[code]).props(f"type=button lang={code}")
                choice.props["aria-label"] = choice.props["title"] = name
                choice.props["aria-pressed"] = "true" if code == visitor.language else "false"
                choice.on("click", _choose(language=code), [])
        icon_button(say(THEME_NAMES[visitor.theme]), f"theme-{visitor.theme}", _choose(next_theme=True))
        icon_button(say("Keyboard"), "keyboard", shortcut="?").props("data-opens=shortcuts")
        with ui.element("a").classes("account").props(f"href={PATH}/account") as account:
            tag("span", visitor.name[:1].upper(), "avatar").props("aria-hidden=true")
            tag("span", visitor.name)
        account.props["title"] = say("My account")
        press_with(account, "g m")
        with ui.element("form").props(f"method=post action={PATH}/sign-out"):
            icon_button(say("Sign out"), "leave").props("type=submit")


def _choose(language: str = "", next_theme: bool = False) -> Callable[[], Awaitable[None]]:
    """A handler that keeps how the member sees the console, and shows it so."""

    @act()
    async def choose(member: StaffMember) -> None:
        theme = NEXT_THEME[member.theme] if next_theme else member.theme
        await in_store(
            lambda session: accounts.prefer(session, member.id, language or member.interface_language, theme)
        )
        ui.navigate.reload()

    return choose


def _help() -> None:
    """The list of what keys do here; the page's script fills it with what the page has."""
    with ui.element("dialog").classes("dialog shortcuts").props("id=shortcuts") as shortcuts:
        shortcuts.props["aria-label"] = say("What keys do here")
        tag("h2", say("What keys do here"))
        ui.element("dl").props["data-then"] = say("then")
        with ui.element("form").props("method=dialog"):
            tag("button", say("Close"), "button plain")

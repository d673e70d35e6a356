"""The accounts of staff, for admins: who they are, what they may do, and whether they can get in."""

from dataclasses import dataclass

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store
from bot.web.staff import members
from bot.web.staff.console import console
from bot.web.staff.design.badges import Tone, badge
from bot.web.staff.design.buttons import button
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tables import cell, row, table
from bot.web.staff.design.tags import tag
from bot.web.staff.page import staff_page
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from bot.web.staff.words import ROLE_NAMES, STATE_NAMES, languages_in_words, skills_in_words
from respite.staff import accounts as stored
from respite.staff.accounts import Profile, State
from respite.staff.roles import StaffRole

TONES: dict[State, Tone] = {
    State.ACTIVE: "good",
    State.INVITED: "warm",
    State.INVITATION_EXPIRED: "late",
    State.DEACTIVATED: "neutral",
}


@dataclass(frozen=True)
class Line:
    """One account, as the list shows it."""

    staff_id: int
    login: str
    profile: Profile
    state: State


@staff_page("/accounts", "Accounts", StaffRole.ADMIN, Place("people", "a", 60))
async def accounts() -> None:
    async def read() -> list[Line]:
        return await from_store(_lines)

    def draw(lines: list[Line]) -> None:
        about = [say("Name"), say("Role"), say("Languages"), say("Skills"), say("At once"), say("State")]
        with table(say("Accounts"), [*about, ""]):
            for line in lines:
                _draw(line, region)

    with ui.element("div").classes("wide"):
        with ui.element("div").classes("line spread"):
            tag("p", say("Whoever works here signs in with an account of their own."), "muted")
            button(
                say("Add a member"),
                members.adding(lambda: region.refresh()),
                kind="primary",
                symbol="plus",
                shortcut="n",
            )
        with ui.element("section").classes("panel"):
            region = Region(read, draw)
    await region.refresh()


def _lines(session: Session) -> list[Line]:
    now = console().clock.now()
    return [
        Line(member.id, member.login, stored.profile_of(member), stored.state_of(member, now))
        for member in stored.all_members(session)
    ]


def _draw(line: Line, region: Region[list[Line]]) -> None:
    profile = line.profile
    with row() as shown:
        if line.state is State.DEACTIVATED:
            shown.classes("gone")
        with cell(), ui.element("div").classes("two-lines"):
            tag("span", profile.name)
            tag("span", line.login)
        for words in (
            say(ROLE_NAMES[profile.role]),
            languages_in_words(profile.languages),
            skills_in_words(profile.skills),
            str(profile.capacity),
        ):
            tag("td", words)
        with cell():
            badge(say(STATE_NAMES[line.state]), TONES[line.state])
        with cell().classes("tools-cell"):
            change = button(say("Change"), members.changing(line.staff_id, region.refresh), kind="quiet")
            change.props["aria-label"] = say("Change %(name)s", name=profile.name)

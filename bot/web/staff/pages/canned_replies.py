"""Ready replies: those that ship and the lender's own, in both languages, with their variables checked."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design.badges import badge
from bot.web.staff.design.buttons import button
from bot.web.staff.design.dialogs import actions, dialog
from bot.web.staff.design.fields import complaint, long_text_field, text_field
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tables import cell, row, table
from bot.web.staff.design.tags import tag
from bot.web.staff.page import staff_page
from bot.web.staff.pages.styles import use_styles
from bot.web.staff.refusals import in_words
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.policies.section import Language
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from respite.support.canned_replies import VARIABLES, CannedReplyError, keep_reply, remove_reply, replies

LANGUAGES: tuple[Language, ...] = ("en", "zh")
NAME = r"[\w-]+"


@dataclass(frozen=True)
class Both:
    """A reply in both languages; `is_own` where the lender wrote one of them."""

    name: str
    texts: tuple[str, str]
    is_own: bool


@staff_page("/replies", "Ready replies", place=Place("reply", "w", 25))
async def canned_replies() -> None:
    use_styles()
    may_change = visit().role.includes(StaffRole.SUPERVISOR)

    def draw(found: tuple[Both, ...]) -> None:
        with table(say("Ready replies"), [say("Name"), say("English"), say("Chinese"), ""]):
            for reply in found:
                _draw(reply, _asking(reply, listed.refresh) if may_change else None)

    with ui.element("div").classes("wide"):
        with ui.element("div").classes("line spread"):
            tag("p", say("In a conversation, type / to use one of these in the borrower's language."), "muted")
            if may_change:
                add = _asking(Both("", ("", ""), is_own=True), lambda: listed.refresh())
                button(say("Add a reply"), add, kind="primary", symbol="plus", shortcut="n")
        with ui.element("section").classes("panel"):
            listed = Region(_read, draw, "reply-list")
    await listed.refresh()


async def _read() -> tuple[Both, ...]:
    return await from_store(_both)


def _both(session: Session) -> tuple[Both, ...]:
    english, chinese = ({reply.name: reply for reply in replies(session, language)} for language in LANGUAGES)
    found = []
    for name in sorted(english | chinese):
        pair = english.get(name), chinese.get(name)
        texts = tuple(reply.text if reply else "" for reply in pair)
        found.append(Both(name, (texts[0], texts[1]), any(reply.is_own for reply in pair if reply)))
    return tuple(found)


def _draw(reply: Both, change: Callable[[], Awaitable[None]] | None) -> None:
    with row():
        with cell(), ui.element("div").classes("two-lines"):
            tag("code", f"/{reply.name}")
            if reply.is_own:
                badge(say("Yours"), "good")
        for text in reply.texts:
            tag("td", text, "reply-text")
        with cell().classes("tools-cell"):
            if change:
                button(say("Change"), change, kind="quiet").props["aria-label"] = f"{say('Change')} /{reply.name}"


def _asking(reply: Both, done: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A handler that asks for the words of a reply, new or known."""

    @act(StaffRole.SUPERVISOR)
    async def ask(_: StaffMember) -> None:
        note = say("Values come from the borrower's account: %(variables)s", variables=_in_braces(VARIABLES))
        with dialog(say("Ready reply"), note) as shown:
            name = text_field(say("Name"), reply.name, hint=say("What staff type after the /, such as greeting."))
            texts = (long_text_field("English", reply.texts[0]), long_text_field("中文", reply.texts[1]))
            wrong = complaint()

            @act(StaffRole.SUPERVISOR)
            async def keep(by: StaffMember) -> None:
                words = (texts[0].value.strip(), texts[1].value.strip())
                try:
                    await in_store(lambda session: _keep(session, Both(name.value, words, is_own=True), reply, by))
                except (CannedReplyError, ReplyFormError) as error:
                    wrong.set_text(in_words(error))
                    return
                shown.close()
                await done()

            @act(StaffRole.SUPERVISOR)
            async def remove(by: StaffMember) -> None:
                await in_store(lambda session: _remove(session, reply.name, by))
                shown.close()
                await done()

            with actions():
                if reply.is_own and reply.name:
                    button(say("Remove"), remove, kind="danger")
                button(say("Cancel"), shown.close)
                button(say("Keep"), keep, kind="primary")
        shown.open()

    return ask


class ReplyFormError(ValueError):
    """A reply that staff could not find or borrowers could not read; its text, in English, is for staff."""


def _keep(session: Session, reply: Both, before: Both, by: StaffMember) -> None:
    """Keep both languages; one that is as before stays what it is. Raises ReplyFormError or CannedReplyError."""
    name, now = reply.name.strip(), console().clock.now()
    if not re.fullmatch(NAME, name):
        raise ReplyFormError("Give it a short name without spaces, such as greeting.")
    if not all(reply.texts):
        raise ReplyFormError("Write it in both languages.")
    for language, text, earlier in zip(LANGUAGES, reply.texts, before.texts, strict=True):
        if text != earlier or name != before.name:
            keep_reply(session, name, language, text, by, now)


def _remove(session: Session, name: str, by: StaffMember) -> None:
    for language in LANGUAGES:
        remove_reply(session, name, language, by, console().clock.now())


def _in_braces(variables: Sequence[str]) -> str:
    return ", ".join(f"{{{variable}}}" for variable in variables)

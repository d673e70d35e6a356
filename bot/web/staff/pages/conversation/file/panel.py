"""The file on the page: one paragraph on top, then sections that are drawn anew one by one."""

from collections.abc import Callable

import structlog
from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, with_book
from bot.web.staff import formats
from bot.web.staff.circumstances import circumstances
from bot.web.staff.console import console
from bot.web.staff.current import unattended_session
from bot.web.staff.design import states
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tags import tag
from bot.web.staff.pages.conversation.file import money, person
from bot.web.staff.pages.conversation.file.blocks import Section, Sections
from bot.web.staff.texts import say
from bot.web.staff.visits import SignedOutError, visit
from respite.support.borrower_file import BorrowerFile, begin_to_read, read_file, summary, version_of
from respite.support.circumstances import Circumstances

log = structlog.get_logger()

Hear = Callable[[BorrowerFile], None]

SECTIONS = (
    Section("Handle with care", person.care, is_open=True),
    Section("Who", person.who, is_open=True),
    Section("Loans", money.loans, is_open=True),
    Section("Offers and refusals", money.offers, is_open=True),
    Section("Plans and consents", money.plans),
    Section("Promises", money.promises, is_open=True),
    Section("Disputes and complaints", person.cases, is_open=True),
    Section("What went wrong", person.troubles, is_open=True),
    Section("Private notes", person.notes),
    Section("Risk decisions", person.risk),
    Section("Before", person.history),
)


class FilePanel:
    """A borrower's file. `on_change` is called with each new version of it."""

    def __init__(self, conversation_id: str, on_change: Hear) -> None:
        self._conversation_id = conversation_id
        self._on_change = on_change
        self._opening = ui.context.client.id
        self._file: BorrowerFile | None = None
        self._is_doubted, self._is_stale = True, False
        self._failed_at = ""
        self._freshness = Region(self._read_freshness, _draw_freshness)
        self._paragraph = Region(self._read_paragraph, _draw_paragraph, "file-summary-region")
        self._paragraph.wait(4)
        self._sections = Sections(SECTIONS)

    def doubt(self) -> None:
        """Read it from the book of record next time, although nothing was heard of a change."""
        self._is_doubted = True

    async def refresh(self) -> None:
        """Read and show the file where something in it has changed. Nothing is shown where it cannot be read."""
        try:
            await self._read()
            await self._paragraph.refresh()
        except SignedOutError:
            return
        except Exception:
            log.exception("a file was not read")
            self._failed_at = formats.time_of_day(console().clock.now())
        await self._freshness.refresh()

    async def _read(self) -> None:
        given = circumstances()
        if self._is_doubted:
            await self._open(given)
        known = self._file.version if self._file and self._file.is_stale == self._is_stale else None

        def newer(session: Session) -> BorrowerFile | None:
            if version_of(session, self._conversation_id, given) == known:
                return None
            return read_file(session, self._conversation_id, given, is_stale=self._is_stale)

        if file := await from_store(newer):
            self._file = file
            self._sections.show(file)
            self._on_change(file)
        self._failed_at = ""

    async def _open(self, given: Circumstances) -> None:
        """Have the loans brought up to date. It is noted once that this page was opened."""
        member = (await unattended_session()).member
        answered = await with_book(
            lambda session: begin_to_read(session, self._conversation_id, member, self._opening, given)
        )
        self._is_stale, self._is_doubted = not answered, False

    async def _read_paragraph(self) -> str:
        assert self._file, "it was read before"
        return summary(self._file, visit().language)

    async def _read_freshness(self) -> str:
        if self._failed_at:
            return say("This file could not be read at %(time)s; what stands here is older.", time=self._failed_at)
        if self._is_stale:
            return say("The book of record does not answer. These figures are the last that were known.")
        return ""


def _draw_freshness(words: str) -> None:
    if words:
        states.stale(words)


def _draw_paragraph(words: str) -> None:
    tag("p", words, "file-summary")

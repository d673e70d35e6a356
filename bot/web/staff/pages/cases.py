"""Disputes and complaints: by when each is to be answered, and answering it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from nicegui import ui
from nicegui.elements.textarea import Textarea
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design import states
from bot.web.staff.design.badges import badge
from bot.web.staff.design.buttons import button, link
from bot.web.staff.design.drafts import Drafts
from bot.web.staff.design.fields import long_text_field
from bot.web.staff.design.panels import facts
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tags import tag
from bot.web.staff.names import CASE_KINDS, CASE_STATES, READS
from bot.web.staff.page import staff_page
from bot.web.staff.pages.queue.following import follow_board
from bot.web.staff.pages.queue.views import href
from bot.web.staff.pages.styles import use_styles
from bot.web.staff.refusals import told
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from respite.staff.accounts import names_of
from respite.store.models import StaffMember, SupportCase
from respite.support.cases import answer_case, close_case, look_at, open_cases, take_up


@dataclass(frozen=True)
class Case:
    """A case as the page shows it; `staff` is the name of who works on it."""

    reference: str
    kind: str
    state: str
    borrower: str
    reads: str
    staff: str
    statement: str
    answer: str
    opened_at: datetime
    answer_by: datetime
    is_overdue: bool
    conversation_id: str


@dataclass
class Desk:
    """The cases as they were last read, and the reference of the one that is looked at."""

    cases: tuple[Case, ...] = ()
    reference: str = ""

    async def all(self) -> tuple[Case, ...]:
        return self.cases

    async def chosen(self) -> Case | None:
        return next((case for case in self.cases if case.reference == self.reference), None)


@staff_page("/cases", "Cases", place=Place("case", "c", 20))
async def cases() -> None:
    use_styles()
    desk, drafts = Desk(), Drafts()

    def choose(reference: str) -> Callable[[], Awaitable[None]]:
        @act()
        async def look(by: StaffMember) -> None:
            now = console().clock.now()
            await in_store(lambda session: look_at(session, reference, by, now))
            desk.reference = reference
            await detail.refresh()

        return look

    with ui.element("div").classes("with-aside with-wide-aside"):
        with ui.element("section").classes("panel"):
            listed = Region(desk.all, lambda found: _draw_list(found, choose))
        with ui.element("aside").classes("aside"):
            detail = Region(desk.chosen, lambda case: _draw_detail(case, drafts))

    async def refresh() -> None:
        desk.cases = await from_store(_cases)
        await listed.refresh()
        await detail.refresh()

    await refresh()
    follow_board(refresh)


def _cases(session: Session) -> tuple[Case, ...]:
    now = console().clock.now()
    found = open_cases(session)
    names = names_of(session, [f"staff:{case.staff_id}" for case in found if case.staff_id])
    return tuple(_case(case, names.get(f"staff:{case.staff_id}", ""), now) for case in found)


def _case(case: SupportCase, staff: str, now: datetime) -> Case:
    borrower = case.conversation.borrower
    return Case(
        reference=case.reference,
        kind=case.kind,
        state=case.state,
        borrower=borrower.name if borrower else "",
        reads=case.conversation.language,
        staff=staff,
        statement=case.statement,
        answer=case.answer or "",
        opened_at=case.opened_at,
        answer_by=case.answer_by,
        is_overdue=case.state in ("open", "in_progress") and case.answer_by < now,
        conversation_id=case.conversation_id,
    )


def _draw_list(found: tuple[Case, ...], choose: Callable[[str], Callable[[], Awaitable[None]]]) -> None:
    if not found:
        states.empty(say("No dispute or complaint is open"), say("New ones appear here by themselves."), "case")
        return
    with ui.element("ul").classes("case-list"):
        for case in found:
            with ui.element("li"), ui.element("button").classes("case-line").props("type=button") as line:
                line.on("click", choose(case.reference), [])
                tag("strong", f"{say(CASE_KINDS[case.kind])} {case.reference}")
                with ui.element("span").classes("case-marks"):
                    words, tone = CASE_STATES[case.state]
                    badge(say(words), tone)
                    if case.is_overdue:
                        badge(say("Overdue"), "late")
                tag("span", case.borrower or say("Not signed in"), "muted")
                until = say("answer by %(day)s", day=formats.day_of(case.answer_by))
                tag("span", until, "case-until")
                tag("span", case.statement, "case-words")


def _draw_detail(case: Case | None, drafts: Drafts) -> None:
    with ui.element("section").classes("case-detail"):
        if case is None:
            states.empty(say("Choose a case"), say("Its words and its answer stand here."), "case")
            return
        with ui.element("div").classes("line spread"):
            tag("h2", f"{say(CASE_KINDS[case.kind])} {case.reference}")
            link(say("Conversation"), href(case.conversation_id), symbol="chat")
        tag("blockquote", case.statement)
        told_facts = {
            say("Borrower"): case.borrower or say("Not signed in"),
            say("Opened"): formats.moment(case.opened_at),
            say("Answer by"): formats.day_of(case.answer_by),
            say("With"): case.staff or "–",
        }
        facts(told_facts | ({say("Answer"): case.answer} if case.answer else {}))
        _draw_steps(case, drafts)


def _draw_steps(case: Case, drafts: Drafts) -> None:
    """What can be done about a case in its state."""
    if case.state in ("open", "in_progress"):
        hint = say("The borrower reads it in the chat, in %(script)s.", script=say(READS[case.reads]))
        answer = drafts.keep(case.reference, long_text_field(say("Answer"), hint=hint, lines=4))
        with ui.element("div").classes("line"):
            button(say("Send the answer"), _answering(case.reference, answer, drafts), kind="primary")
            if case.state == "open":
                button(say("I work on it"), _step(take_up, case.reference))
    if case.state == "answered":
        with ui.element("div").classes("line"):
            button(say("Close"), _step(close_case, case.reference), kind="primary")
            button(say("Reopen"), _step(take_up, case.reference))


def _answering(reference: str, answer: Textarea, drafts: Drafts) -> Callable[[], Awaitable[None]]:
    @act()
    async def send(by: StaffMember) -> None:
        if not answer.value.strip():
            ui.notify(say("Write the answer first."), type="warning")
            return
        now = console().clock.now()
        with told():
            await in_store(lambda session: answer_case(session, reference, by, answer.value.strip(), now))
            drafts.forget(reference)

    return send


def _step(
    do: Callable[[Session, str, StaffMember, datetime], SupportCase], reference: str
) -> Callable[[], Awaitable[None]]:
    @act()
    async def step(by: StaffMember) -> None:
        now = console().clock.now()
        with told():
            await in_store(lambda session: do(session, reference, by, now))

    return step

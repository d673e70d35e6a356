"""Plans beyond somebody's authority: a supervisor sees what they cost, and approves or declines."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nicegui import ui
from nicegui.elements.textarea import Textarea
from sqlalchemy.orm import Session

from bot.transactions import from_store, with_book
from bot.web.staff.circumstances import circumstances
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design import states
from bot.web.staff.design.badges import elapsed
from bot.web.staff.design.buttons import button, link
from bot.web.staff.design.drafts import Drafts
from bot.web.staff.design.fields import long_text_field
from bot.web.staff.design.panels import facts
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tags import tag
from bot.web.staff.page import staff_page
from bot.web.staff.pages.conversation.plans.comparison import draw_comparison
from bot.web.staff.pages.conversation.plans.words import refusal_in_words, request_in_words
from bot.web.staff.pages.queue.following import follow_board
from bot.web.staff.pages.queue.views import href
from bot.web.staff.pages.styles import use_styles
from bot.web.staff.refusals import in_words, told
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.loan_books import LoanBookError
from respite.plans.refusals import PlanRefusedError
from respite.plans.terms import PlanTerms
from respite.staff.accounts import names_of
from respite.staff.roles import StaffRole
from respite.store.models import Conversation, PlanApproval, StaffMember
from respite.support.approvals import approve, decline, open_requests
from respite.support.circumstances import Circumstances
from respite.support.ownership import TakeoverRefusedError
from respite.support.plan_offers import account_for
from respite.support.plan_requests import PlanRequest

ASKED = "staff:%d"
BETWEEN_LOOKS = timedelta(minutes=1)
"""How often the plans are reckoned anew although nothing else is asked for: each asks the book of record."""


@dataclass(frozen=True)
class Asked:
    """One request, with the plan as it would be offered today; `obstacle` says why it cannot be.

    Each look meets an obstacle of its own; two of them are the same where they say the same (`why_not`).
    """

    request_id: int
    conversation_id: str
    borrower: str
    plan: PlanRequest
    terms: PlanTerms | None
    obstacle: PlanRefusedError | TakeoverRefusedError | LoanBookError | None = field(compare=False)
    why_not: str
    asked_by: str
    is_own: bool
    reason: str
    at: datetime


@staff_page("/approvals", "Approvals", StaffRole.SUPERVISOR, Place("check", "v", 30))
async def approvals() -> None:
    use_styles()
    with ui.element("div").classes("narrow"):
        drafts = Drafts()
        waiting: Region[tuple[Asked, ...]] = Region(_read, lambda found: _draw(found, drafts, waiting.refresh))
    looked: tuple[Sequence[object], datetime] | None = None

    async def refresh() -> None:
        nonlocal looked
        asked, now = await from_store(_asked_for), console().clock.now()
        if looked is None or looked[0] != asked or now - looked[1] > BETWEEN_LOOKS:
            looked = asked, now
            await waiting.refresh()

    await refresh()
    follow_board(refresh)


def _asked_for(session: Session) -> Sequence[object]:
    """What waits for a decision, and for whom: a borrower may sign in or out meanwhile."""
    found = [(request.id, session.get_one(Conversation, request.conversation_id)) for request in open_requests(session)]
    return [(request_id, asked_in.borrower_id, asked_in.verified_at) for request_id, asked_in in found]


async def _read() -> tuple[Asked, ...]:
    role, own_id, given = visit().role, visit().staff_id, circumstances()
    return await with_book(
        lambda session: tuple(_asked(session, request, role, own_id, given) for request in open_requests(session))
    )


def _asked(session: Session, request: PlanApproval, role: StaffRole, own_id: int, given: Circumstances) -> Asked:
    conversation = session.get_one(Conversation, request.conversation_id)
    plan, terms, obstacle = PlanRequest.from_json(request.plan), None, None
    try:
        with session.begin_nested():
            terms = PlanTerms.of(plan.offer(account_for(session, conversation, plan, given), role.authority))
    except (PlanRefusedError, TakeoverRefusedError, LoanBookError) as refused:
        obstacle = refused
    actor = ASKED % request.requested_by
    return Asked(
        request_id=request.id,
        conversation_id=request.conversation_id,
        borrower=conversation.borrower.name if conversation.borrower else "",
        plan=plan,
        terms=terms,
        obstacle=obstacle,
        why_not=str(obstacle or ""),
        asked_by=names_of(session, [actor]).get(actor, ""),
        is_own=request.requested_by == own_id,
        reason=request.request_reason,
        at=request.requested_at,
    )


def _draw(waiting: tuple[Asked, ...], drafts: Drafts, then: Callable[[], Awaitable[None]]) -> None:
    if not waiting:
        hint = say("What a colleague may not grant by themselves appears here by itself.")
        states.empty(say("Nothing waits for a decision"), hint, "check")
    for asked in waiting:
        with ui.element("section").classes("panel"), ui.element("div").classes("panel-body"):
            _draw_one(asked, drafts, then)


def _draw_one(asked: Asked, drafts: Drafts, then: Callable[[], Awaitable[None]]) -> None:
    with ui.element("div").classes("line spread"):
        tag("h2", asked.borrower)
        with ui.element("div").classes("line"):
            elapsed(asked.at)
            link(say("Open the conversation"), href(asked.conversation_id), symbol="chat")
    facts({say("Plan"): request_in_words(asked.plan), say("Asked by"): asked.asked_by, say("Why"): asked.reason})
    if asked.terms:
        draw_comparison([asked.terms])
    elif isinstance(asked.obstacle, PlanRefusedError):
        tag("p", refusal_in_words(asked.obstacle), "complaint")
    elif asked.obstacle:
        tag("p", in_words(asked.obstacle), "complaint")
    if asked.is_own:
        tag("p", say("Nobody decides on their own request. Ask another supervisor."), "muted")
        return
    why = drafts.keep(str(asked.request_id), long_text_field(say("Reason, for your colleague"), lines=2))
    with ui.element("div").classes("line"):
        if asked.terms:
            button(say("Approve and offer"), _deciding(asked, why, then, approves=True), kind="primary")
        button(say("Decline"), _deciding(asked, why, then, approves=False), kind="danger")


def _deciding(
    asked: Asked, why: Textarea, then: Callable[[], Awaitable[None]], *, approves: bool
) -> Callable[[], Awaitable[None]]:
    @act(StaffRole.SUPERVISOR)
    async def decide(by: StaffMember) -> None:
        given, reason = circumstances(), why.value

        def do(session: Session) -> None:
            if approves:
                approve(session, asked.request_id, by, reason, given)
            else:
                decline(session, asked.request_id, by, reason, given)

        try:
            with told():
                await with_book(do)
        except PlanRefusedError as refused:
            ui.notify(refusal_in_words(refused), type="warning")
        await then()

    return decide

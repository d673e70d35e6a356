"""What stands above a thread: who it is with and why, and what can be done with the conversation now."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import in_store
from bot.web.staff import formats
from bot.web.staff.console import PATH, console
from bot.web.staff.current import act
from bot.web.staff.design.badges import badge, elapsed, remaining
from bot.web.staff.design.buttons import button, icon_button, link
from bot.web.staff.design.tags import tag
from bot.web.staff.names import CHANNELS, PRIORITIES, READS, VULNERABILITIES
from bot.web.staff.pages.conversation.care import ask_about_care
from bot.web.staff.pages.conversation.glimpse import Heading, Standing
from bot.web.staff.pages.conversation.handing_on import ask_how_it_ended, ask_whom_to_pass_to
from bot.web.staff.pages.conversation.outreach import ask_about_outreach
from bot.web.staff.refusals import told
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from bot.web.staff.words import REASON_NAMES
from respite.policies.load import policy
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from respite.support import takeover

Take = Callable[[Session, StaffMember], object]


def draw_header(conversation_id: str, heading: Heading) -> None:
    with ui.element("header").classes("talk-head"):
        tag("h2", heading.borrower or say("Not signed in"))
        with ui.element("div").classes("talk-acts"):
            _acts(conversation_id, heading)
            _tools(conversation_id, heading)
        _marks(heading)


def _marks(heading: Heading) -> None:
    """Why and how, in a line that is read at a glance."""
    with ui.element("div").classes("talk-marks"):
        if heading.borrower and not heading.is_signed_in:
            badge(say("Signed out"), "warm")
        if heading.is_blocked:
            badge(say("Has blocked the bot"), "late")
        if heading.flags:
            care = badge(say("Handle with care"), "late")
            care.props["title"] = ", ".join(say(VULNERABILITIES[flag]) for flag in heading.flags)
        if heading.priority != "normal":
            badge(say(PRIORITIES[heading.priority]), "late" if heading.priority == "urgent" else "warm")
        for words in _facts(heading):
            tag("span", words)
        if heading.standing is Standing.WAITING and heading.due_at:
            tag("span", say("Due in"))
            remaining(heading.due_at)
        elif heading.since:
            elapsed(heading.since)


def _facts(heading: Heading) -> list[str]:
    facts = [say(REASON_NAMES[heading.reason]) if heading.reason else "", heading.reference]
    facts += [say(READS[heading.reads]), say(CHANNELS.get(heading.channel, heading.channel))]
    if heading.callback_at:
        facts.append(say("Call at %(time)s", time=formats.moment(heading.callback_at)))
    if heading.standing is Standing.TAKEN:
        facts.append(say("With %(name)s", name=heading.owner))
    return list(filter(None, facts))


def _acts(conversation_id: str, heading: Heading) -> None:
    """What changes who has the conversation."""
    match heading.standing:
        case Standing.MINE:

            @act()
            async def pass_on(by: StaffMember) -> None:
                await ask_whom_to_pass_to(conversation_id, by)

            @act()
            async def give_back(_: StaffMember) -> None:
                await ask_how_it_ended(conversation_id)

            button(say("Pass on"), pass_on, symbol="pass-on", shortcut="x")
            button(say("Give back"), give_back, symbol="bot", shortcut="e")
        case Standing.WAITING:
            claim = _taking(lambda session, by: takeover.claim(session, conversation_id, by, console().clock.now()))
            button(say("Claim"), claim, kind="primary", shortcut="a")
        case Standing.TAKEN if visit().role.includes(StaffRole.SUPERVISOR):
            step_in = _taking(
                lambda session, by: takeover.step_in(session, conversation_id, by, policy(), console().clock.now())
            )
            button(say("Step in"), step_in, kind="danger", shortcut="a")
        case Standing.BOT:
            begin = _taking(
                lambda session, by: takeover.begin(session, conversation_id, by, policy(), console().clock.now())
            )
            button(say("Take over"), begin, shortcut="a")


def _taking(take: Take) -> Callable[[], Awaitable[None]]:
    """A handler that makes the member the owner; whoever is too late is told who has it."""

    @act()
    async def handle(by: StaffMember) -> None:
        with told():
            await in_store(lambda session: take(session, by))

    return handle


def _tools(conversation_id: str, heading: Heading) -> None:
    """What can be done whoever has the conversation."""
    if borrower_id := heading.borrower_id:

        @act()
        async def care(_: StaffMember) -> None:
            await ask_about_care(conversation_id, borrower_id)

        @act()
        async def outreach(_: StaffMember) -> None:
            await ask_about_outreach(conversation_id, borrower_id)

        icon_button(say("Handle with care"), "heart", care, shortcut="v")
        icon_button(say("Leave in peace"), "pause", outreach, shortcut="o")
    transcript = link("", f"{PATH}/conversations/{conversation_id}/transcript", kind="quiet", symbol="download")
    transcript.props("download")
    transcript.props["aria-label"] = transcript.props["title"] = say("Transcript")

"""The page of a conversation, put together: own conversations, the thread, the file and the plan desk."""

from nicegui import ui
from nicegui.element import Element

from bot.transactions import from_store
from bot.web.staff.console import console
from bot.web.staff.current import current_staff
from bot.web.staff.design import states
from bot.web.staff.design.regions import Region
from bot.web.staff.design.tags import tag
from bot.web.staff.page import staff_page
from bot.web.staff.pages.conversation.acts import Acts
from bot.web.staff.pages.conversation.composer import Composer
from bot.web.staff.pages.conversation.file.panel import FilePanel
from bot.web.staff.pages.conversation.glimpse import glimpse
from bot.web.staff.pages.conversation.header import draw_header
from bot.web.staff.pages.conversation.live import LiveConversation
from bot.web.staff.pages.conversation.plans.desk import PlanDesk
from bot.web.staff.pages.conversation.thread import Thread
from bot.web.staff.pages.queue.following import follow_board
from bot.web.staff.pages.queue.own import OwnConversations
from bot.web.staff.pages.styles import use_styles
from bot.web.staff.texts import say
from respite.store.models import Conversation
from respite.support.canned_replies import replies


@staff_page("/conversations/{conversation_id}", "Conversation")
async def conversation(conversation_id: str) -> None:
    use_styles()
    member, now = await current_staff(), console().clock.now()
    known = await from_store(lambda session: session.get(Conversation, conversation_id))
    if known is None:
        ui.context.client.status_code = 404
        states.empty(say("There is no such conversation"), say("It may have been erased."), "search")
        return
    first = await from_store(lambda session: glimpse(session, conversation_id, member, 0, now))
    ready = await from_store(lambda session: replies(session, known.language))
    live = LiveConversation(conversation_id, member, first)
    with ui.element("div").classes("talk"):
        with ui.element("div").classes("talk-own"):
            own = OwnConversations(conversation_id)
        with ui.element("div").classes("talk-main"):
            header = Region(live.read_heading, lambda heading: draw_header(conversation_id, heading))
            thread = Thread(conversation_id, member.id)
            composer = Composer(conversation_id, member.id, ready)
        with ui.element("aside").classes("talk-file") as aside:
            aside.props["aria-label"] = say("File")
            file = _file_and_desk(conversation_id)
    composer.show(first.heading)
    await header.refresh()
    Acts(live, thread, composer).connect()
    live.show_on(thread, composer, header, file)

    async def refresh_own() -> None:
        own.refresh()

    follow_board(refresh_own)


def _file_and_desk(conversation_id: str) -> FilePanel:
    """The file, and behind it the plan desk, which is about what the file says."""
    with ui.element("div").classes("segments wide-segments").props("role=group") as choice:
        choice.props["aria-label"] = say("Show")
        to_file = tag("button", say("File")).props("type=button data-shortcut=f aria-pressed=true")
        to_desk = tag("button", say("Plan desk")).props("type=button data-shortcut=p aria-pressed=false")
    with ui.element("div").classes("talk-pane") as file_pane:
        file = FilePanel(conversation_id, lambda found: desk.show(found))
    with ui.element("div").classes("talk-pane") as desk_pane:
        desk = PlanDesk(conversation_id)
    desk_pane.set_visibility(False)

    def choose(chosen: Element) -> None:
        for way, pane in ((to_file, file_pane), (to_desk, desk_pane)):
            way.props["aria-pressed"] = "true" if way is chosen else "false"
            pane.set_visibility(way is chosen)

    to_file.on("click", lambda: choose(to_file), [])
    to_desk.on("click", lambda: choose(to_desk), [])
    return file

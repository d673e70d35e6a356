"""What a member does in a thread, each time as whoever is signed in then."""

from typing import Any

from sqlalchemy.orm import Session

from bot.transactions import in_store, with_book
from bot.web.staff.circumstances import circumstances
from bot.web.staff.console import console
from bot.web.staff.current import perform
from bot.web.staff.pages.conversation.composer import Composer
from bot.web.staff.pages.conversation.glimpse import Standing
from bot.web.staff.pages.conversation.live import LiveConversation
from bot.web.staff.pages.conversation.thread import Thread
from bot.web.staff.refusals import REFUSALS, in_words, told
from respite.staff.accounts import actor_of
from respite.store.models import OutboxMessage, StaffMember
from respite.support.canned_replies import fill, replies
from respite.support.deliveries import reconcile
from respite.support.notes import add_note
from respite.support.ownership import owned_conversation
from respite.support.staff_messages import note_read, send, send_again

LONGEST_MESSAGE = 4_000


class Acts:
    """The acts on one page."""

    def __init__(self, live: LiveConversation, thread: Thread, composer: Composer) -> None:
        self._live, self._thread, self._composer = live, thread, composer
        self._id = live.conversation_id

    def connect(self) -> None:
        """Have the parts of the page do what they are there for."""
        thread, composer = self._thread, self._composer
        thread.on("sync", lambda event: perform(lambda _: self._live.catch_up(int(event.args))))
        thread.on("send", lambda event: perform(lambda by: self._send(by, event.args)))
        thread.on("again", lambda event: perform(lambda by: self._settle(by, int(event.args), arrived=False)))
        thread.on("arrived", lambda event: perform(lambda by: self._settle(by, int(event.args), arrived=True)))
        thread.on("seen", lambda event: perform(lambda by: self._see(by, int(event.args))))
        composer.on("note", lambda event: perform(lambda by: self._note(by, str(event.args))))
        composer.on("fill", lambda event: perform(lambda by: self._fill(by, str(event.args))))
        composer.on("draft", lambda event: composer.keep(str(event.args)[:LONGEST_MESSAGE]))
        composer.on("writing", lambda event: perform(lambda _: self._write(bool(event.args))))

    async def _send(self, by: StaffMember, said: dict[str, Any]) -> None:
        text, client_id, now = str(said["text"])[:LONGEST_MESSAGE], str(said["clientId"])[:60], console().clock.now()
        try:
            await in_store(lambda session: send(session, self._id, by, text, client_id=client_id, now=now))
        except REFUSALS as refusal:
            self._thread.refuse(client_id, in_words(refusal))
            return
        if self._live.hub.typing.is_writing(self._id, "staff"):
            await self._live.hub.note_typing(self._id, "staff", False)

    async def _settle(self, by: StaffMember, message_id: int, *, arrived: bool) -> None:
        """Send a message once more, or say of an unknown one that it arrived; the owner decides that."""
        now = console().clock.now()

        def settle(session: Session) -> None:
            owned_conversation(session, self._id, by)
            message = session.get_one(OutboxMessage, message_id)
            if message.conversation_id != self._id:
                return
            if message.state == "unknown":
                reconcile(session, message_id, arrived=arrived, actor=actor_of(by), now=now)
            elif not arrived:
                send_again(session, message_id, by, now)

        with told():
            await in_store(settle)

    async def _see(self, by: StaffMember, message_id: int) -> None:
        if self._live.heading.standing is Standing.MINE:
            await in_store(lambda session: note_read(session, self._id, by, message_id))

    async def _note(self, by: StaffMember, text: str) -> None:
        now = console().clock.now()
        await in_store(lambda session: add_note(session, self._id, by, text[:LONGEST_MESSAGE], now))

    async def _fill(self, by: StaffMember, name: str) -> None:
        """Put a ready reply into the field, with the values of this borrower."""
        given, reads = circumstances(), self._live.heading.reads

        def filled(session: Session) -> str:
            text = next((reply.text for reply in replies(session, reads) if reply.name == name), "")
            return fill(session, self._id, by, text, given)

        with told():
            self._composer.put(await with_book(filled))

    async def _write(self, is_writing: bool) -> None:
        if self._live.heading.standing is Standing.MINE:
            await self._live.hub.note_typing(self._id, "staff", is_writing)

"""The thread on the page: what is said, kept as the store has it, from a cursor on."""

from collections.abc import Mapping

from nicegui.element import Element

from bot.web.assets import assets_path
from bot.web.staff.console import PATH
from bot.web.staff.pages.conversation.glimpse import Glimpse
from bot.web.staff.pages.conversation.items import Item, message_item, note_item
from bot.web.staff.texts import say


class Thread(Element, component="thread.js"):
    """Emits `sync` (the cursor of the page), `send`, `again`, `arrived` and `seen`."""

    def __init__(self, conversation_id: str, member_id: int) -> None:
        super().__init__()
        self._conversation_id = conversation_id
        self._props["me"] = member_id
        self._props["words"] = _words(conversation_id)
        self._new_from: str | None = None

    def show(self, found: Glimpse, *, is_writing: bool, is_synced: bool, has_older: bool) -> None:
        """Show what was read, `is_synced` where the page has everything then."""
        if self._new_from is None:
            self._new_from = _first_unseen(found)
        change = {
            "items": self._items(found),
            "seenUpTo": found.read_up_to,
            "isWriting": is_writing,
            "isSynced": is_synced,
            "hasOlder": has_older,
            "newFrom": self._new_from,
        }
        self.run_method("take", change)

    def refuse(self, client_id: str, words: str) -> None:
        """Say of something on its way why it is not sent."""
        self.run_method("refuse", client_id, words)

    def _items(self, found: Glimpse) -> list[Item]:
        borrower, names = found.heading.borrower, found.names
        said = [message_item(entry, self._conversation_id, names, borrower) for entry in found.entries]
        return [*said, *(note_item(note, names) for note in found.notes)]


def _first_unseen(found: Glimpse) -> str:
    """The key of the borrower's first message that the owner has not seen; nothing where they have seen none yet."""
    unseen = (entry.id for entry in found.entries if entry.author == "borrower" and entry.id > found.seen_up_to)
    first = next(unseen, None)
    return f"m{first}" if first and found.seen_up_to else ""


def _words(conversation_id: str) -> Mapping[str, object]:
    return {
        "icons": f"{assets_path()}/staff/icons.svg",
        "uploads": f"{PATH}/files?conversation={conversation_id}",
        "title": say("Conversation"),
        "loading": say("Loading …"),
        "older": say("Earlier messages are in the transcript."),
        "empty": say("Nothing has been said yet."),
        "new": say("New"),
        "private": say("Private note: the borrower does not see it"),
        "typed": say("Typed as:"),
        "picture": say("Picture"),
        "seen": say("Seen"),
        "again": say("Send again"),
        "arrived": say("It arrived"),
        "retry": say("Try again"),
        "newBelow": say("New messages"),
        "writing": say("The borrower is writing"),
        "states": {
            "sending": say("Sending …"),
            "failed": say("Not sent. It is kept here."),
            "refused": say("Not sent"),
        },
    }

"""The list of a member's own conversations, which stands beside the queue and beside an open conversation."""

from nicegui.element import Element

from bot.web.staff.pages.queue.board import board
from bot.web.staff.pages.queue.views import own_lines
from bot.web.staff.texts import say
from bot.web.staff.visits import visit


class OwnConversations(Element, component="own.js"):
    """A member's own conversations; `current` is the id of the one that is open on the page."""

    def __init__(self, current: str = "") -> None:
        super().__init__()
        self._current = current
        self._shown: object = None
        self.refresh()

    def refresh(self) -> None:
        """Show them as the board has them."""
        lines = own_lines(board().of(visit().staff_id), self._current)
        words = {
            "title": say("My conversations"),
            "load": _load(len(lines)),
            "none": say("None at the moment."),
            "fresh": say("New"),
            "unread": say("unread"),
            "waits": say("Waits for your answer"),
        }
        if (lines, words) != self._shown:
            self._shown = lines, words
            self._props["lines"], self._props["words"] = lines, words
            self.update()


def _load(count: int) -> str:
    """How many they have, of how many they can have at once."""
    own = board().colleague(visit().staff_id)
    return f"{count}/{own.member.capacity}" if own else str(count)

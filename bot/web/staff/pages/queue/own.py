"""The list of a member's own conversations, which stands beside the queue and beside an open conversation."""

from nicegui.element import Element

from bot.web.staff.design.json_props import as_json
from bot.web.staff.pages.queue.board import board
from bot.web.staff.pages.queue.views import own_lines
from bot.web.staff.texts import say
from bot.web.staff.visits import visit


class OwnConversations(Element, component="own.js"):
    """A member's own conversations; `current` is the id of the one that is open on the page."""

    def __init__(self, current: str = "") -> None:
        super().__init__()
        self._current = current
        self._seen: object = None
        self.refresh()

    def refresh(self) -> None:
        """Show them as the board has them."""
        own, requests = board().colleague(visit().staff_id), board().of(visit().staff_id)
        load = f"{len(requests)}/{own.member.capacity}" if own else str(len(requests))
        if (requests, load) == self._seen:
            return
        self._seen = requests, load
        words = {
            "title": say("My conversations"),
            "load": load,
            "none": say("None at the moment."),
            "fresh": say("New"),
            "unread": say("unread"),
            "waits": say("Waits for your answer"),
        }
        self._props["shown"] = as_json({"lines": own_lines(requests, self._current), "words": words})
        self.update()

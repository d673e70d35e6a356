"""The table of the queue, as the page of one member shows it."""

from nicegui.element import Element

from bot.web.assets import assets_path
from bot.web.staff.console import console
from bot.web.staff.design.json_props import as_json, show
from bot.web.staff.pages.queue.board import board
from bot.web.staff.pages.queue.views import LINES_SHOWN, Abilities, View, lines, seen_in
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from respite.support.open_requests import OpenRequest

VIEWS = {View.FITTING: "For me", View.WAITING: "Everybody who waits", View.TAKEN: "Being helped"}


class QueueTable(Element, component="queue.js"):
    """The requests of one view, kept as the board has them; emits `claim`, `stepIn` and `choose`."""

    def __init__(self, member: StaffMember) -> None:
        super().__init__()
        self._abilities = Abilities.of(member)
        self._view = View.FITTING
        self._props["shown"] = ""
        self._props["words"] = _words()
        self._props["me"] = member.id
        self._props["mayStepIn"] = StaffRole(member.role).includes(StaffRole.SUPERVISOR)
        self.refresh()

    def choose(self, view: View) -> None:
        self._view = view
        self.refresh()

    def release(self) -> None:
        """Let a line be asked for again."""
        self.run_method("release")

    def refresh(self) -> None:
        """Show the view as the board has it, if that has changed."""
        shown = board().view((self._view, self._abilities, visit().language), self._draw)
        show(self, shown)

    def _draw(self) -> str:
        seen = {view: self._seen_in(view) for view in View}
        more = len(seen[self._view]) - LINES_SHOWN
        return as_json(
            {
                "lines": lines(seen[self._view], _names(), visit().language, console().clock.now()),
                "more": say("%(count)s more wait behind these.", count=more) if more > 0 else "",
                "view": self._view,
                "views": [{"key": view, "words": say(VIEWS[view]), "count": len(seen[view])} for view in View],
            }
        )

    def _seen_in(self, view: View) -> list[OpenRequest]:
        now, abilities = console().clock.now(), self._abilities if view is View.FITTING else None
        return board().view((view, abilities), lambda: seen_in(view, board().requests, self._abilities, now))


def _names() -> dict[int, str]:
    return {colleague.member.id: colleague.member.name for colleague in board().colleagues}


def _words() -> dict[str, object]:
    return {
        "icons": f"{assets_path()}/staff/icons.svg",
        "title": say("Queue"),
        "show": say("Show"),
        "previous": say("Previous line"),
        "next": say("Next line"),
        "due": say("Due in"),
        "who": say("Who and why"),
        "reads": say("Reads"),
        "skill": say("Skill"),
        "owner": say("With"),
        "waiting": say("Waiting"),
        "unanswered": say("Unanswered"),
        "act": say("Act"),
        "lost": say("Connection lost"),
        "anybody": say("Anybody"),
        "care": say("Handle with care"),
        "callAt": say("Call"),
        "callNow": say("Call now"),
        "claim": say("Claim"),
        "stepIn": say("Step in"),
        "open": say("Open"),
        "empty": {
            View.FITTING: {
                "title": say("Nobody waits for you"),
                "hint": say("New requests that you can help with appear here by themselves."),
            },
            View.WAITING: {"title": say("Nobody waits"), "hint": say("New requests appear here by themselves.")},
            View.TAKEN: {"title": say("Nobody is being helped"), "hint": say("Claimed conversations appear here.")},
        },
    }

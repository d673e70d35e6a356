"""Who is at work, and whether the member who looks is given conversations."""

from nicegui import ui
from nicegui.element import Element

from bot.transactions import in_store
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design.json_props import as_json, show
from bot.web.staff.design.tags import tag
from bot.web.staff.pages.queue.board import board
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.store.models import StaffMember
from respite.support import presence

SHOWN = 12


class TakingSwitch(Element):
    """Whether the member is given conversations."""

    def __init__(self) -> None:
        super().__init__("button")
        self.classes("switch").props('type=button role=switch aria-label="" data-shortcut="t"')
        with self:
            ui.element("i").props("aria-hidden=true")
            tag("span", say("I take conversations"))
        self.props["aria-label"] = say("I take conversations")
        self.on("click", act()(_flip), [])
        self.refresh()

    def refresh(self) -> None:
        checked = "true" if _takes(visit().staff_id) else "false"
        if self.props.get("aria-checked") != checked:
            self.props["aria-checked"] = checked
            self.update()


class AtWork(Element, component="at_work.js"):
    """Everybody at work, those who take conversations before the others."""

    def __init__(self) -> None:
        super().__init__()
        self._props["shown"] = ""
        self.refresh()

    def refresh(self) -> None:
        shown = board().view(("at work", visit().language), _at_work)
        show(self, shown)


def _at_work() -> str:
    there = sorted(
        (each for each in board().colleagues if each.is_present), key=lambda each: not each.takes_conversations
    )
    more = len(there) - SHOWN
    return as_json(
        {
            "title": say("At work"),
            "onABreak": say("on a break"),
            "count": len(there),
            "more": say("and %(count)s more", count=more) if more > 0 else "",
            "present": [
                {
                    "name": each.member.name,
                    "takes": each.takes_conversations,
                    "load": f"{len(board().of(each.member.id))}/{each.member.capacity}",
                }
                for each in there[:SHOWN]
            ],
        }
    )


async def _flip(by: StaffMember) -> None:
    wanted, now = not _takes(by.id), console().clock.now()
    await in_store(lambda session: presence.take_conversations(session, by, wanted, now))
    board().look_again()


def _takes(staff_id: int) -> bool:
    colleague = board().colleague(staff_id)
    return colleague is not None and colleague.takes_conversations

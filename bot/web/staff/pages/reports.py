"""The dashboards of supervisors: service, plans and loans over a period that they choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from nicegui import ui

from bot.web.staff.console import PATH, console
from bot.web.staff.dashboards import loans, plans, service
from bot.web.staff.design import states
from bot.web.staff.design.tags import tag
from bot.web.staff.page import staff_page
from bot.web.staff.shell import Place
from bot.web.staff.texts import say
from respite.reports.periods import Period, PeriodError
from respite.staff.roles import StaffRole

SIDES = {"service": "Service", "plans": "Plans", "loans": "Loans"}
USUAL_DAYS = (7, 30, 90, 365)
FIRST_DAYS = {"service": 30, "plans": 90, "loans": 365}
"""How much of the past each side shows at first."""


@dataclass(frozen=True)
class Choice:
    """What the address of the page asks for: dates as ISO 8601, empty where nothing is said."""

    side: str
    first: str
    last: str
    before_first: str
    before_last: str

    def period(self, today: date) -> Period:
        """Raises PeriodError."""
        last = _day(self.last) or today
        if last > today:
            raise PeriodError("The last day is still to come.")
        first = _day(self.first)
        return Period(first, last) if first else Period.ending(last, FIRST_DAYS[self.side])

    def before(self, period: Period) -> Period:
        """The period to compare with: an equally long one before it unless another was chosen. Raises PeriodError."""
        usual = period.before()
        return Period(_day(self.before_first) or usual.first, _day(self.before_last) or usual.last)


@staff_page("/reports", "Reports", StaffRole.SUPERVISOR, Place("chart", "r", 40))
async def reports(
    side: str = "service", first: str = "", last: str = "", before_first: str = "", before_last: str = ""
) -> None:
    choice = Choice(side if side in SIDES else "service", first, last, before_first, before_last)
    today = console().clock.business_date()
    with ui.element("div").classes("wide"):
        try:
            period = choice.period(today)
            before = choice.before(period)
        except (PeriodError, ValueError):
            _toolbar(choice, None, None, today)
            states.empty(
                say("These days make no period"), say("Choose a first day, and a last one that is not before it.")
            )
            return
        _toolbar(choice, period, before, today)
        if choice.side == "plans":
            await plans.show(period)
        elif choice.side == "loans":
            await loans.show(period, before)
        else:
            await service.show(period)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _toolbar(choice: Choice, period: Period | None, before: Period | None, today: date) -> None:
    """Which side of the figures, and which days."""
    with ui.element("div").classes("line spread"):
        with ui.element("nav").classes("segments") as sides:
            sides.props["aria-label"] = say("Figures")
            for number, (side, words) in enumerate(SIDES.items(), start=1):
                with _link({"side": side}, side == choice.side) as way:
                    tag("span", say(words))
                way.props["data-shortcut"] = str(number)
        with ui.element("div").classes("line"):
            with ui.element("nav").classes("segments") as spans:
                spans.props["aria-label"] = say("Days")
                for days in USUAL_DAYS:
                    span = Period.ending(today, days)
                    asked = {"side": choice.side, "first": span.first.isoformat(), "last": span.last.isoformat()}
                    with _link(asked, span == period):
                        tag("span", say("%(days)s days", days=days))
            _dates(choice, period, before, today)


def _dates(choice: Choice, period: Period | None, before: Period | None, today: date) -> None:
    """A form for any days; without a script, so that the address says what is shown."""
    with ui.element("form").classes("line dates").props(f"method=get action={PATH}/reports"):
        ui.element("input").props(f"type=hidden name=side value={choice.side}")
        if choice.side == "loans":
            _date("before_first", say("Compared with, from"), before.first if before else None, today)
            _date("before_last", say("Compared with, to"), before.last if before else None, today)
            tag("span", "→", "muted").props("aria-hidden=true")
        _date("first", say("First day"), period.first if period else None, today)
        _date("last", say("Last day"), period.last if period else None, today)
        tag("button", say("Show"), "button plain")


def _date(name: str, words: str, value: date | None, today: date) -> None:
    field = ui.element("input").classes("date").props(f"type=date name={name} max={today}")
    field.props["aria-label"] = field.props["title"] = words
    if value:
        field.props["value"] = value.isoformat()


def _link(asked: Mapping[str, str], is_here: bool) -> ui.element:
    way = ui.element("a").props(f"href={PATH}/reports?{urlencode(asked)}")
    if is_here:
        way.props("aria-current=page")
    return way

"""What every side of the dashboards has: a panel that loads, and its figures as a file."""

import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff import formats
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design.buttons import icon_button
from bot.web.staff.design.panels import panel
from bot.web.staff.design.regions import Region
from bot.web.staff.texts import say
from respite.policies.load import policy
from respite.reports.periods import Period
from respite.reports.tables import REPORTS, Question, ReportName, write_csv
from respite.staff.accounts import actor_of
from respite.staff.roles import StaffRole
from respite.store.audit import record
from respite.store.models import StaffMember

T = TypeVar("T")


def loading_panel(
    title: str,
    note: str,
    read: Callable[[], Awaitable[T]],
    draw: Callable[[T], None],
    *,
    file: tuple[ReportName, Period, Period | None] | None = None,
    classes: str = "",
) -> Region[T]:
    """A panel whose place is held until it is loaded. `file` is the report that can be taken away as CSV."""
    with panel(title, note, classes) as sheet:
        region = Region(read, draw)
        region.wait()
    if file:
        with sheet:
            name, *_ = file
            icon_button(say("As a file (CSV)"), "download", _downloading(*file)).classes("panel-tool").mark(name)
    return region


def days_in_words(days: Sequence[date]) -> list[str]:
    return [formats.short_day(day) for day in days]


def minutes(length: timedelta | None) -> float | None:
    """A length of time in minutes, for an axis."""
    return None if length is None else round(length.total_seconds() / 60, 1)


def _downloading(name: ReportName, period: Period, before: Period | None) -> Callable[[], Awaitable[None]]:
    @act(StaffRole.SUPERVISOR)
    async def download(by: StaffMember) -> None:
        clock = console().clock
        asked = Question(period, before or period.before(), clock.business_date(), clock.now())

        def write(session: Session) -> str:
            file = io.StringIO()
            write_csv(REPORTS[name](session, policy(), asked), file)
            return file.getvalue()

        def note(session: Session) -> None:
            days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
            subject = f"report:{name}"
            record(session, actor=actor_of(by), action="report_exported", subject=subject, details=days, at=asked.now)

        content = await from_store(write)
        await in_store(note)
        ui.download.content(content.encode(), f"{name}-{period.first}-{period.last}.csv", "text/csv")

    return download

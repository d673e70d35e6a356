"""Service: the queue now, and how soon and how well borrowers were helped."""

from datetime import timedelta

from nicegui import ui

from bot.web.staff import figures, formats
from bot.web.staff.dashboards import charts
from bot.web.staff.dashboards.frames import days_in_words, loading_panel, minutes
from bot.web.staff.design import states
from bot.web.staff.design.panels import figure
from bot.web.staff.design.regions import Region
from bot.web.staff.texts import say
from bot.web.staff.words import REASON_NAMES
from respite.reports.containment import Containment
from respite.reports.periods import Period
from respite.reports.queue import QueueNow
from respite.reports.service import ServiceReport
from respite.reports.tables import ReportName

SECONDS_BETWEEN_LOOKS = 5


async def show(period: Period) -> None:
    """Fill the page for a period."""
    queue = Region(figures.queue, _queue)
    await queue.load()

    async def read() -> ServiceReport:
        return await figures.service_in(period)

    async def read_containment() -> Containment:
        return await figures.containment_in(period)

    totals = Region(read, _totals)
    totals.wait(1)
    file = (ReportName.SERVICE, period, None)
    with ui.element("div").classes("dashboard"):
        solved = loading_panel(
            say("Contacts and who solved them"),
            say("What a borrower says in one chat on one day is one contact."),
            read_containment,
            _containment,
            file=(ReportName.CONTAINMENT, period, None),
        )
        reasons = loading_panel(
            say("Why a person came in"), "", read, _reasons, file=(ReportName.REASONS, period, None)
        )
        waits = loading_panel(say("Wait for a person"), say("In minutes of opening hours."), read, _waits, file=file)
        handling = loading_panel(
            say("Handling"), say("In minutes, from taking it to its end."), read, _handling, file=file
        )
        deadlines = loading_panel(
            say("Answered in time"), say("Of the requests of each day."), read, _deadlines, file=file
        )
        ratings = loading_panel(
            say("Satisfaction"), say("What borrowers gave, from 1 to 5."), read, _ratings, file=file
        )
    ui.timer(SECONDS_BETWEEN_LOOKS, queue.refresh)
    await ui.context.client.connected()
    for region in (totals, solved, reasons, waits, handling, deadlines, ratings):
        await region.load()


def _queue(now: QueueNow) -> None:
    with ui.element("div").classes("figures"):
        figure(say("Waiting now"), formats.number(now.waiting), _longest(now))
        figure(say("Past the deadline"), formats.number(now.overdue)).classes("late" if now.overdue else "")
        figure(say("With a person"), formats.number(now.taken))
        figure(say("Calls agreed"), formats.number(now.callbacks))
        figure(say("Colleagues here"), formats.number(now.present), say("room for %(room)s", room=now.room))


def _longest(now: QueueNow) -> str:
    if now.oldest_wait is None:
        return say("nobody")
    return say("the first for %(wait)s", wait=formats.rough_span(now.oldest_wait))


def _totals(found: ServiceReport) -> None:
    total = found.total
    with ui.element("div").classes("figures"):
        figure(
            say("Requests for a person"),
            formats.number(total.requests),
            say("%(cancelled)s taken back", cancelled=total.cancelled),
        )
        wait = say("nine in ten below %(span)s", span=formats.span(total.wait.p90)) if total.wait.count else ""
        figure(say("Wait (median)"), formats.span(total.wait.median), wait)
        handling = (
            say("nine in ten below %(span)s", span=formats.span(total.handling.p90)) if total.handling.count else ""
        )
        figure(say("Handling (median)"), formats.span(total.handling.median), handling)
        figure(say("Answered in time"), formats.share(total.met.share), say("of %(count)s", count=total.met.total))
        rating = "–" if total.rating is None else formats.number(total.rating)
        figure(say("Satisfaction"), rating, say("%(count)s ratings", count=total.ratings))


def _containment(found: Containment) -> None:
    if not found.total.total:
        states.nothing()
        return
    days = found.by_day
    charts.stacked(
        say("Contacts by day: solved by the bot, and with a person"),
        days_in_words(list(days)),
        {
            say("Solved by the bot"): [each.events for each in days.values()],
            say("With a person"): [each.total - each.events for each in days.values()],
        },
    )
    share, count = formats.share(found.total.share), formats.number(found.total.total)
    states.summary(say("The bot solved %(share)s of %(count)s contacts alone.", share=share, count=count))


def _reasons(found: ServiceReport) -> None:
    if not found.by_reason:
        states.nothing()
        return
    counts = {say(REASON_NAMES[reason]): float(each.requests) for reason, each in found.by_reason.items()}
    charts.ranked(say("Requests by reason"), counts)


def _waits(found: ServiceReport) -> None:
    spans = [each.wait for each in found.by_day.values()]
    _median_and_p90(found, say("Wait by day, median and nine in ten"), [(each.median, each.p90) for each in spans])


def _handling(found: ServiceReport) -> None:
    spans = [each.handling for each in found.by_day.values()]
    _median_and_p90(found, say("Handling by day, median and nine in ten"), [(each.median, each.p90) for each in spans])


def _median_and_p90(found: ServiceReport, words: str, spans: list[tuple[timedelta | None, timedelta | None]]) -> None:
    if all(median is None for median, _ in spans):
        states.nothing()
        return
    charts.lines(
        words,
        days_in_words(list(found.by_day)),
        {
            say("Median"): [minutes(median) for median, _ in spans],
            say("Nine in ten below"): [minutes(p90) for _, p90 in spans],
        },
        "min",
    )


def _deadlines(found: ServiceReport) -> None:
    if not found.total.met.total:
        states.nothing()
        return
    shares = [each.met.share for each in found.by_day.values()]
    charts.lines(
        say("Share answered in time by day"),
        days_in_words(list(found.by_day)),
        {say("Answered in time"): [None if share is None else round(share * 100, 1) for share in shares]},
        "%",
    )


def _ratings(found: ServiceReport) -> None:
    if not found.total.ratings:
        states.nothing()
        return
    means = [each.rating for each in found.by_day.values()]
    charts.lines(
        say("Mean rating by day"),
        days_in_words(list(found.by_day)),
        {say("Mean rating"): [None if mean is None else round(mean, 2) for mean in means]},
        "/ 5",
    )

"""Loans: how late they are over time, how they roll, and default rates of two periods side by side."""

from collections.abc import Callable

from nicegui import ui

from bot.web.staff import figures, formats
from bot.web.staff.dashboards import charts
from bot.web.staff.dashboards.frames import days_in_words, loading_panel
from bot.web.staff.design import states
from bot.web.staff.design.tables import row, rows, table
from bot.web.staff.design.tags import tag
from bot.web.staff.texts import say
from respite.reports.defaults import DEFAULT_DAYS, DefaultsReport
from respite.reports.delinquency import SETTLED, DelinquencyReport
from respite.reports.periods import Period
from respite.reports.proportions import Interval, Proportion
from respite.reports.tables import ReportName, roll_rate_rows

BUCKET_COLOURS = ("var(--series-2)", "var(--series-4)", "var(--series-5)", "var(--ink)")


async def show(period: Period, before: Period) -> None:
    """Fill the page for a period, and for the one that it is compared with."""

    async def read() -> DelinquencyReport:
        return await figures.delinquency_in(period)

    async def compare() -> DefaultsReport:
        return await figures.defaults_in(before, period)

    def draw_comparison(found: DefaultsReport) -> None:
        _defaults(found, before, period)

    with ui.element("div").classes("dashboard of-two"):
        buckets = loading_panel(
            say("Late loans"),
            say("Open loans by how many days they are past due; those on time are left out."),
            read,
            _buckets,
            file=(ReportName.DELINQUENCY, period, None),
        )
        rolls = loading_panel(
            say("Roll rates"),
            say("Where the loans of a bucket were at the next mark of the chart."),
            read,
            _rolls,
            file=(ReportName.ROLL_RATES, period, None),
        )
        comparison = loading_panel(
            say("Defaults before and after"),
            say(
                "Loans that reached %(days)s days past due, of those that were open and not in default.",
                days=DEFAULT_DAYS,
            ),
            compare,
            draw_comparison,
            file=(ReportName.DEFAULTS, period, before),
            classes="full",
        )
    await ui.context.client.connected()
    for region in (buckets, rolls, comparison):
        await region.load()


def _buckets(found: DelinquencyReport) -> None:
    on_time, *late = found.buckets
    if not any(found.at.values()):
        states.nothing()
        return
    marks = days_in_words(list(found.at))
    series = {bucket: [counts.get(bucket, 0) for counts in found.at.values()] for bucket in late}
    charts.stacked(say("Late loans by bucket over time"), marks, series, BUCKET_COLOURS)
    *_, last = found.at.values()
    open_loans = sum(last.values())
    late_loans = Proportion(open_loans - last.get(on_time, 0), open_loans)
    states.summary(
        say(
            "At the end %(late)s of %(open)s open loans were late (%(share)s).",
            late=formats.number(late_loans.events),
            open=formats.number(open_loans),
            share=formats.share(late_loans.share),
        )
    )


def _rolls(found: DelinquencyReport) -> None:
    if not found.rolled:
        states.nothing()
        return
    headings = [say("From"), say("Loans"), *found.buckets, say("Settled")]
    with table(say("Roll rates"), headings, numbers_from=1):
        for bucket, loans, *shares in roll_rate_rows(found):
            with row(str(bucket), formats.number(loans if isinstance(loans, int) else 0)):
                for then, share in zip((*found.buckets, SETTLED), shares, strict=True):
                    rate = share if isinstance(share, float) else None
                    shown = tag("td", formats.share(rate))
                    if rate:
                        direction = _direction(found.buckets, str(bucket), then)
                        shown.classes(f"heat {direction}").style(f"--heat: {rate:.3f}")


def _direction(buckets: tuple[str, ...], bucket: str, then: str) -> str:
    """Whether loans got later, stayed where they were or got better."""
    if then == SETTLED:
        return "better"
    change = buckets.index(then) - buckets.index(bucket)
    return "worse" if change > 0 else "better" if change < 0 else ""


def _defaults(found: DefaultsReport, before: Period, after: Period) -> None:
    if not (found.before.total or found.after.total):
        states.nothing()
        return
    headings = ["", say("From"), say("To"), say("Exposed"), say("Defaults"), say("Rate"), say("95 %% interval")]
    with table(say("Defaults before and after"), headings, numbers_from=3):
        rows(
            (
                words,
                formats.day(period.first),
                formats.day(period.last),
                formats.number(each.total),
                formats.number(each.events),
                formats.share(each.share),
                _interval(each.interval()),
            )
            for words, period, each in (
                (say("Before"), before, found.before),
                (say("After"), after, found.after),
            )
        )
    states.summary(_verdict(found))


def _verdict(found: DefaultsReport) -> str:
    change = found.difference
    if change is None:
        return say("One of the periods has no loans that could have defaulted, so the two cannot be compared.")
    values = {"change": formats.points(change.change), "interval": _interval(change.interval, formats.points)}
    if change.is_beyond_chance:
        return say("The rate changed by %(change)s points (95 %% interval %(interval)s).", **values)
    return say("The rate changed by %(change)s points, which may be chance (95 %% interval %(interval)s).", **values)


def _interval(interval: Interval | None, write: Callable[[float | None], str] = formats.share) -> str:
    if interval is None:
        return "–"
    return say("%(low)s to %(high)s", low=write(interval.low), high=write(interval.high))

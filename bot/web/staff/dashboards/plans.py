"""Plans: offered, accepted, and what became of them."""

from nicegui import ui

from bot.web.staff import figures, formats
from bot.web.staff.dashboards import charts
from bot.web.staff.dashboards.frames import loading_panel
from bot.web.staff.design import states
from bot.web.staff.design.panels import figure
from bot.web.staff.design.tables import rows, table
from bot.web.staff.texts import say
from bot.web.staff.words import PLAN_NAMES
from respite.reports.periods import Period
from respite.reports.plans import Plans, PlansReport
from respite.reports.tables import ReportName

COLOURS = ("var(--series-3)", "var(--series-1)", "var(--series-4)", "var(--edge)")


async def show(period: Period) -> None:
    """Fill the page for a period."""

    async def read() -> PlansReport:
        return await figures.plans_in(period)

    region = loading_panel(
        say("Plans"),
        say("Those accepted in the period, as they stand today."),
        read,
        _draw,
        file=(ReportName.PLANS, period, None),
    )
    await ui.context.client.connected()
    await region.load()


def _draw(found: PlansReport) -> None:
    total = found.total
    if not (found.offered or total.accepted):
        states.nothing()
        return
    with ui.element("div").classes("figures flat"):
        figure(say("Loans with an offer"), formats.number(found.offered))
        figure(
            say("Took one up"),
            formats.share(found.taken_up.share),
            say("%(count)s loans", count=formats.number(found.taken_up.events)),
        )
        figure(say("Plans accepted"), formats.number(total.accepted), say("%(count)s by staff", count=total.by_staff))
        interval = total.kept_share.interval()
        hint = (
            say(
                "95 %% interval %(low)s to %(high)s", low=formats.share(interval.low), high=formats.share(interval.high)
            )
            if interval
            else ""
        )
        figure(say("Kept, of those decided"), formats.share(total.kept_share.share), hint)
    kinds = {say(PLAN_NAMES[kind]): each for kind, each in found.by_kind.items()}
    charts.stacked(
        say("Plans by kind and what became of them"),
        list(kinds),
        {
            say("Running"): [each.active for each in kinds.values()],
            say("Kept"): [each.kept for each in kinds.values()],
            say("Broken"): [each.broken for each in kinds.values()],
            say("Cancelled"): [each.cancelled for each in kinds.values()],
        },
        COLOURS,
    )
    became = [say("Running"), say("Kept"), say("Broken"), say("Cancelled")]
    with table(say("Plans"), [say("Plan"), say("Accepted"), say("By staff"), *became], numbers_from=1):
        rows((name, *_cells(each)) for name, each in {**kinds, say("All"): total}.items())


def _cells(each: Plans) -> list[str]:
    counts = (each.accepted, each.by_staff, each.active, each.kept, each.broken, each.cancelled)
    return [formats.number(count) for count in counts]

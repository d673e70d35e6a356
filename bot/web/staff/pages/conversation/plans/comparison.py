"""Plans side by side, each with what it costs, before they are offered."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui

from bot.texts import translate
from bot.web.labels import LINES
from bot.web.staff import formats
from bot.web.staff.design.buttons import icon_button
from bot.web.staff.design.tags import tag
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.lending.money import Money
from respite.plans.terms import PlanTerms
from respite.support.plan_cards import plan_facts, plan_title
from respite.support.words import words_in


def draw_comparison(plans: Sequence[PlanTerms], remove: Callable[[int], None] | None = None) -> None:
    """A column for each plan; the lines are those by which borrowers compare them."""
    words = words_in(visit().language)
    columns = [{label: formats.fact(fact) for label, fact in plan_facts(terms).items()} for terms in plans]
    with ui.element("div").classes("table-scroller").props("tabindex=0 role=region") as scroller:
        scroller.props["aria-label"] = say("Plans and what they cost")
        with ui.element("table").classes("comparison"):
            with ui.element("thead"), ui.element("tr"):
                tag("td", "")
                for place, terms in enumerate(plans):
                    with ui.element("th").props("scope=col"):
                        tag("span", plan_title(words, terms))
                        if remove:
                            icon_button(say("Leave this plan out"), "close", partial(remove, place))
            with ui.element("tbody"):
                for label in columns[0]:
                    with ui.element("tr").classes(f"line-{label}"):
                        tag("th", translate(visit().language, LINES[label])).props("scope=row")
                        for column in columns:
                            tag("td", column[label])
    for terms in plans:
        _draw_schedule(plan_title(words, terms), terms)


def _draw_schedule(title: str, terms: PlanTerms) -> None:
    with ui.element("details").classes("schedule"):
        tag("summary", say("Schedule: %(plan)s", plan=title))
        with ui.element("table"), ui.element("tbody"):
            for instalment in terms.schedule:
                with ui.element("tr"):
                    tag("td", str(instalment.number), "num")
                    tag("td", formats.day(instalment.due))
                    tag("td", formats.fact(Money(instalment.total, terms.total.currency)), "num")

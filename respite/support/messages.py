"""The one message model: text that is complete on its own, with a card and buttons that a channel may render.

Every value on a card is already formatted for the borrower's language; amounts that a chart needs to draw are given
in minor units beside their formatted text.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Button(Part):
    """A reply offered to the borrower. `payload` stays on the server; a channel sees `reference` in its place."""

    title: str
    payload: str = ""
    reference: str = ""


class Line(Part):
    """A formatted value and its label: a key of the page's texts, such as `principal` or `due_date`."""

    label: str
    value: str


class BillCard(Part):
    """What one loan asks for: `status` is overdue, due_soon, upcoming or settled."""

    type: Literal["bill"] = "bill"
    product: str
    loan_reference: str
    status: Literal["overdue", "due_soon", "upcoming", "settled"]
    headline: str
    due_date: str
    lines: tuple[Line, ...]


class ScheduleRow(Part):
    number: str
    due_date: str
    amount: str
    principal: str
    interest: str
    status: Literal["paid", "overdue", "due", "upcoming"]


class ScheduleCard(Part):
    """Every instalment of one loan that is still to be paid, with what was paid before counted in the headline."""

    type: Literal["schedule"] = "schedule"
    product: str
    loan_reference: str
    headline: str
    rows: tuple[ScheduleRow, ...]


class PlanOption(Part):
    """One plan to choose. `choose` is the button that puts it under review."""

    title: str
    summary: str
    lines: tuple[Line, ...]
    choose: Button


class PlansCard(Part):
    """Two or three plans side by side, cheapest first."""

    type: Literal["plans"] = "plans"
    options: tuple[PlanOption, ...]


class ChartPoint(Part):
    """One instalment in the chart of before and after: the bar's height in minor units, and what it is called."""

    due_on: date
    due_date: str
    amount_minor: int
    amount: str


class ReviewCard(Part):
    """The exact plan that waits for consent, with its schedule beside the present one. `state` is open or booked."""

    type: Literal["review"] = "review"
    state: Literal["open", "booked"] = "open"
    title: str
    loan_reference: str
    reference: str = ""
    lines: tuple[Line, ...]
    before: tuple[ChartPoint, ...]
    after: tuple[ChartPoint, ...]


Card = Annotated[BillCard | ScheduleCard | PlansCard | ReviewCard, Field(discriminator="type")]


class Message(Part):
    """One bubble from the bot or from a person."""

    text: str
    card: Card | None = None
    buttons: tuple[Button, ...] = ()

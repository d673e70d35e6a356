"""The one message model: text that is complete on its own, with a card and buttons that a channel may render.

Every value on a card is already formatted for the borrower's language; amounts that a chart needs to draw are given
in minor units beside their formatted text.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from respite.languages import to_traditional


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


class ChartPoint(Part):
    """One instalment in a chart of schedules: the bar's height in minor units, and what it is called."""

    due_on: date
    due_date: str
    amount_minor: int
    amount: str


class PlanOption(Part):
    """One plan to choose. `choose` is the button that puts it under review."""

    title: str
    summary: str
    lines: tuple[Line, ...]
    choose: Button
    schedule: tuple[ChartPoint, ...] = ()


class PlansCard(Part):
    """Two or three plans side by side, cheapest first; `before` is the present schedule, to be drawn beside theirs."""

    type: Literal["plans"] = "plans"
    options: tuple[PlanOption, ...]
    before: tuple[ChartPoint, ...] = ()


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


class File(Part):
    """A file that goes with a message. `id` is that of the stored attachment, `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int


class Message(Part):
    """One bubble from the bot or from a person."""

    text: str
    card: Card | None = None
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()


def in_script(message: Message, language: str) -> Message:
    """A message written in English or Simplified Chinese as a reader of `language` (en, zh-Hans, zh-Hant) reads it."""
    if language != "zh-Hant":
        return message
    return Message.model_validate(_traditional(message.model_dump(mode="json")))


def _traditional(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return to_traditional(value)
        case list():
            return [_traditional(item) for item in value]
        case dict():
            return {key: item if key == "payload" else _traditional(item) for key, item in value.items()}
        case _:
            return value

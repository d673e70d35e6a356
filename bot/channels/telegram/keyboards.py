"""Buttons under a message: each carries only its opaque reference, and is marked once it has been pressed."""

from collections.abc import Iterator

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from respite.support.messages import Message, PlansCard

PRESSED = "✓ "
PLAN = "plan:"


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message, those of its card first; None where it has none."""
    rows = [[button] for button in _buttons(message)]
    return InlineKeyboardMarkup(rows) if rows else None


def reference_of(data: str) -> str:
    """The reference of a button, by what Telegram tells of its press."""
    return data.removeprefix(PLAN)


def with_pressed(shown: InlineKeyboardMarkup, data: str) -> InlineKeyboardMarkup | None:
    """The keyboard after a press, None where nothing changes: a suggested reply takes its neighbours with it.

    Plans stay, so that one can be looked at after the other.
    """
    pressed = [[_marked(button, data) for button in row if _stays(button, data)] for row in shown.inline_keyboard]
    marked = InlineKeyboardMarkup([row for row in pressed if row])
    return None if marked == shown else marked


def _buttons(message: Message) -> Iterator[InlineKeyboardButton]:
    """On Telegram the button of a plan stands below all plans, so it says which plan."""
    if isinstance(message.card, PlansCard):
        for number, option in enumerate(message.card.options, start=1):
            yield InlineKeyboardButton(f"{number}. {option.title}", callback_data=PLAN + option.choose.reference)
    for button in message.buttons:
        yield InlineKeyboardButton(button.title, callback_data=button.reference)


def _stays(button: InlineKeyboardButton, pressed: str) -> bool:
    data = str(button.callback_data)
    return data == pressed or data.startswith(PLAN) or pressed.startswith(PLAN)


def _marked(button: InlineKeyboardButton, pressed: str) -> InlineKeyboardButton:
    if button.callback_data != pressed or button.text.startswith(PRESSED):
        return button
    return InlineKeyboardButton(PRESSED + button.text, callback_data=pressed)

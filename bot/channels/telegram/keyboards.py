"""Buttons under a message: each carries only its opaque reference, and is marked once it has been pressed."""

from collections.abc import Iterator

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from respite.support.messages import Message, PlansCard

PRESSED = "✓ "


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message, those of its card first; None where it has none."""
    rows = [[InlineKeyboardButton(title, callback_data=reference)] for title, reference in _buttons(message)]
    return InlineKeyboardMarkup(rows) if rows else None


def with_pressed(shown: InlineKeyboardMarkup, reference: str) -> InlineKeyboardMarkup | None:
    """The keyboard with the button of this reference marked; None where nothing is left to mark."""
    rows = [[_marked(button, reference) for button in row] for row in shown.inline_keyboard]
    marked = InlineKeyboardMarkup(rows)
    return None if marked == shown else marked


def _buttons(message: Message) -> Iterator[tuple[str, str]]:
    """Titles and references. On Telegram the button of a plan stands below all plans, so it says which plan."""
    if isinstance(message.card, PlansCard):
        for number, option in enumerate(message.card.options, start=1):
            yield f"{number}. {option.title}", option.choose.reference
    for button in message.buttons:
        yield button.title, button.reference


def _marked(button: InlineKeyboardButton, reference: str) -> InlineKeyboardButton:
    if button.callback_data != reference or button.text.startswith(PRESSED):
        return button
    return InlineKeyboardButton(PRESSED + button.text, callback_data=reference)

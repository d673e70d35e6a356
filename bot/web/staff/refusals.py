"""Why something that a member tried is not possible: said by the core, told in the language of the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import ui

from bot.web.staff.texts import say, word
from respite.loan_books import LoanBookError
from respite.support.attachments import AttachmentRefusedError
from respite.support.refusing import RefusedError

REFUSALS = (RefusedError, AttachmentRefusedError, LoanBookError)


@dataclass
class Outcome:
    """Whether something was done, or refused."""

    is_refused: bool = False


@contextmanager
def told() -> Iterator[Outcome]:
    """Tell whoever acts why what is done inside is refused."""
    outcome = Outcome()
    try:
        yield outcome
    except REFUSALS as refusal:
        outcome.is_refused = True
        ui.notify(in_words(refusal), type="warning")


def in_words(refusal: Exception) -> str:
    """A refusal of the core in the language of the page."""
    match refusal:
        case RefusedError():
            return say(refusal.text, **{name: word(value) for name, value in refusal.values.items()})
        case LoanBookError():
            return say("The book of record does not answer now. Nothing was changed.")
        case _:
            return say(str(refusal))

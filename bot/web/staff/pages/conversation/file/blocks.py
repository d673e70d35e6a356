"""What sections of a file are made of: words, which the page shows as they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from bot.web.staff.design.badges import Tone
from bot.web.staff.design.json_props import as_json, show
from bot.web.staff.texts import say
from respite.support.borrower_file import BorrowerFile


@dataclass(frozen=True)
class Block:
    """Something with a title, a mark that is read at a glance, lines of labels and values, and words in a text."""

    title: str
    mark: str = ""
    tone: Tone = "neutral"
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    href: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a file under an English title, open or folded at first; not there while it has nothing to say."""

    title: str
    select: Callable[[BorrowerFile], Iterable[Block]]
    is_open: bool = False


class Sections(Element, component="file.js"):
    """Sections of a file on a page."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self._sections = sections
        self._props["shown"] = "[]"

    def show(self, file: BorrowerFile) -> None:
        """Show what the file says, if that has changed."""
        shown = as_json(
            [
                {"title": say(section.title), "isOpen": section.is_open, "blocks": blocks}
                for section in self._sections
                if (blocks := [*section.select(file)])
            ]
        )
        show(self, shown)

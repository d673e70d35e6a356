"""What a document is put together from; layout.typ draws each kind of block."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Facts:
    """Words, each beside what it is about."""

    rows: Sequence[tuple[str, str]]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Figures:
    """Figures, each beside what it is called, and the last of them set apart."""

    rows: Sequence[tuple[str, str]]
    last: tuple[str, str]
    kind: Literal["figures"] = "figures"


@dataclass(frozen=True)
class Table:
    """Words in the first columns and figures in the others, with a row of totals."""

    words: Sequence[str]
    figures: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Points:
    """Sentences that each stand for themselves."""

    points: Sequence[str]
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class Paragraph:
    """Sentences to be read one after the other."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Code:
    """Characters to compare one by one."""

    text: str
    kind: Literal["code"] = "code"


Block = Facts | Figures | Table | Points | Paragraph | Code


@dataclass(frozen=True)
class Section:
    """A part of the document; `note` says how to read it."""

    heading: str
    blocks: Sequence[Block]
    note: str = ""


@dataclass(frozen=True)
class Highlight:
    """One figure to see at a glance, with what it is above and what belongs to it below."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True)
class Document:
    """A document with everything in it already worded. Sections of one row stand side by side."""

    title: str
    summary: str
    author: str
    reference: str
    highlights: Sequence[Highlight]
    rows: Sequence[Sequence[Section]]

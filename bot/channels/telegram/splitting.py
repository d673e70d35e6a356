"""Texts in pieces that Telegram takes: cut between paragraphs, else between lines, else between sentences."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST = 4096
"""What one message holds, counted as Telegram does: in UTF-16 code units, without the markup."""

BLANK_LINES = re.compile(r"\n\s*\n")
MARKUP = re.compile(r"<[^>]*>")
SENTENCE_END = re.compile(r"[.!?…][\"')”’]*\s+|[。！？；…]+[”’」』）]*\s*")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together. Each line is HTML that is complete in itself, with no tag left open."""

    lines: tuple[str, ...]
    is_details: bool = False
    """Whether it stands folded under what was said, to be opened by who wants to know more."""

    @property
    def html(self) -> str:
        lines = "\n".join(self.lines)
        return f"<blockquote expandable>{lines}</blockquote>" if self.is_details else lines


def plain(text: str, limit: int = LONGEST) -> list[Paragraph]:
    """The paragraphs of a text without markup, in lines of `limit` at most."""
    return [
        Paragraph(tuple(escape(piece) for line in paragraph.splitlines() for piece in _cut(line, limit)))
        for paragraph in BLANK_LINES.split(text.strip())
    ]


def escape(text: str) -> str:
    """A text in which nothing is markup to Telegram."""
    return html.escape(text, quote=False)


def pages(paragraphs: Iterable[Paragraph], limit: int = LONGEST) -> list[str]:
    """The paragraphs as HTML in as few messages of `limit` as hold them, in order."""
    filled: list[list[Paragraph]] = []
    for paragraph in paragraphs:
        for part in _in_parts(paragraph, limit):
            if filled and _length(_page([*filled[-1], part])) <= limit:
                filled[-1].append(part)
            else:
                filled.append([part])
    return [_page(page) for page in filled]


def _page(paragraphs: Sequence[Paragraph]) -> str:
    return "\n\n".join(paragraph.html for paragraph in paragraphs)


def _in_parts(paragraph: Paragraph, limit: int) -> Iterator[Paragraph]:
    """The paragraph in parts that each fit into one message."""
    lines: list[str] = []
    for line in paragraph.lines:
        if lines and _length("\n".join([*lines, line])) > limit:
            yield Paragraph(tuple(lines), paragraph.is_details)
            lines = []
        lines.append(line)
    if any(lines):
        yield Paragraph(tuple(lines), paragraph.is_details)


def _length(markup: str) -> int:
    return _units(html.unescape(MARKUP.sub("", markup)))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(line: str, limit: int) -> Iterator[str]:
    """One line in pieces, cut after a sentence, or at a space, or anywhere if there is neither."""
    while _units(line) > limit:
        head = _head(line, limit)
        ends = [match.end() for match in SENTENCE_END.finditer(head)] or [match.end() for match in SPACE.finditer(head)]
        cut = ends[-1] if ends else len(head)
        yield line[:cut].rstrip()
        line = line[cut:].lstrip()
    yield line


def _head(line: str, limit: int) -> str:
    """The longest beginning of a line that is no longer than `limit`."""
    return line.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")

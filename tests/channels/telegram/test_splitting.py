"""Long texts in pieces: nothing lost, nothing cut where a reader would stumble, nothing that Telegram refuses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.splitting import LONGEST, Paragraph, pages, plain
from tests.channels.telegram.look_alike import Markup, shown

ANYTHING = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("<>&\"';\n .。！？a人😀"), max_size=400
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def words(text: str) -> str:
    """What is read, wherever it is cut."""
    return re.sub(r"\s+", "", text)


@given(ANYTHING, st.integers(2, 60))
def test_every_piece_is_short_enough_and_nothing_is_lost(text: str, limit: int) -> None:
    pieces = pages(plain(text, limit), limit)
    assert all(units(shown(piece)) <= limit for piece in pieces)
    assert words("".join(map(shown, pieces))) == words(text)


@given(ANYTHING, st.integers(2, 60))
def test_no_markup_comes_from_a_text_and_no_entity_is_cut(text: str, limit: int) -> None:
    for piece in pages(plain(text, limit), limit):
        assert not Markup(piece).mistake
        assert "<" not in piece
        assert not re.search(r"&(?!(?:amp|lt|gt);)", piece)


def test_a_short_text_stays_in_one_piece() -> None:
    assert pages(plain("First.\nSecond.\n\nThird.")) == ["First.\nSecond.\n\nThird."]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("one one\n\ntwo two\n\nthree", ["one one\n\ntwo two", "three"]),
        ("one one\ntwo two\nthree three", ["one one\ntwo two", "three three"]),
        ("One is. Two is! Three is? Four", ["One is. Two is!", "Three is? Four"]),
        ("第一句话在这里。第二句话也在这里！第三句", ["第一句话在这里。第二句话也在这里！", "第三句"]),
        ("a word after another word", ["a word after", "another word"]),
        ("a" * 30, ["a" * 18, "a" * 12]),
        ("😀" * 12, ["😀" * 9, "😀" * 3]),
    ],
    ids=["paragraphs", "lines", "sentences", "Chinese sentences", "words", "no place to cut", "two units each"],
)
def test_a_text_is_cut_at_the_best_place(text: str, pieces: list[str]) -> None:
    assert pages(plain(text, 18), 18) == pieces


def test_telegrams_own_limit_counts_what_is_read_and_not_the_markup() -> None:
    assert len(pages([Paragraph(("<b>" + "&amp;" * LONGEST + "</b>",))])) == 1
    assert len(pages(plain("&" * (LONGEST + 1)))) == 2


def test_details_that_go_on_in_the_next_piece_are_folded_there_too() -> None:
    lines = tuple(f"line {number:2}" for number in range(8))
    first, second = pages([Paragraph(lines, is_details=True)], limit=32)
    assert first == "<blockquote expandable>line  0\nline  1\nline  2\nline  3</blockquote>"
    assert second.startswith("<blockquote expandable>line  4")

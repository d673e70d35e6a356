"""What the page says, as HTML, for every kind of entry and card."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from bot.incoming import MENU, REQUESTS
from bot.texts import CATALOGUE, LANGUAGES
from bot.web import rendering
from bot.web.labels import LINES, STATUSES, SUGGESTED_QUESTIONS
from bot.web.rendering import (
    SPEAKERS,
    Look,
    render_demo_shop,
    render_message,
    render_page,
    render_typing,
    render_ways_out,
)
from respite.store.demo_book import DemoBorrower
from respite.support.attachments import TooLargeError, UnknownKindError
from respite.support.messages import Button
from tests.web import samples

TEMPLATES = Path(rendering.__file__).parent / "templates"
HOSTILE = """<img src=x onerror="alert(1)"><script>alert(2)</script> "'&"""


class Words(HTMLParser):
    """The text of some HTML, as a reader meets it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())

    def __str__(self) -> str:
        return " ".join(word for word in self.found if word)


def words(html: str) -> str:
    return str(Words(html))


def test_a_bill_card_says_what_is_owed_until_when_and_why() -> None:
    said = words(render_message(samples.entry(1, "Your bill", card=samples.bill()), "en"))

    for part in (
        "Phone instalments",
        "····4821",
        "Overdue",
        "¥1,284.36",
        "5 November 2026",
        "Penalty interest ¥19.69",
    ):
        assert part in said


def test_a_schedule_card_has_every_instalment_in_its_table_and_folds_all_but_six() -> None:
    html = render_message(samples.entry(1, "Your schedule", card=samples.schedule(count=12)), "en")

    assert html.count('<th scope="row">') == 12
    assert "Show the other 6" in words(html)


def test_a_short_schedule_folds_nothing() -> None:
    assert "<details" not in render_message(samples.entry(1, "Your schedule", card=samples.schedule(count=4)), "en")


def test_plans_show_their_lines_in_one_common_order_and_each_can_be_chosen() -> None:
    html = render_message(samples.entry(1, "Your plans", card=samples.plans()), "en")

    keys = [re.findall(r'class="line-(\w+)"', plan) for plan in html.split('class="card plan"')[1:]]
    assert (
        keys[0] == keys[1] == keys[2] == ["instalment", "count", "first_due", "total_cost", "extra_cost", "annual_rate"]
    )
    assert [f'data-reference="plan-{number}"' in html for number in (1, 2, 3)] == [True] * 3


def test_a_plan_without_one_of_the_lines_leaves_its_place_empty() -> None:
    card = samples.plans(options=2)
    shorter = card.options[1].model_copy(update={"lines": card.options[1].lines[1:]})
    html = render_message(
        samples.entry(1, "Your plans", card=card.model_copy(update={"options": (card.options[0], shorter)})),
        "en",
    )

    assert "Instalment –" in words(html)


def test_a_review_card_shows_the_terms_the_chart_and_the_buttons_for_consent() -> None:
    html = render_message(samples.entry(1, "Please read", card=samples.review(), buttons=samples.replies()), "en")

    assert "For you to confirm" in words(html)
    assert "9 × up to ¥1,264.67" in words(html)
    assert "12 × up to ¥982.15" in words(html)
    assert html.count("<rect") == 9 + 12
    assert re.search(r'class="reply primary"\s+data-reference="reply-0"', html)


def test_the_chart_has_a_name_and_a_table_for_those_who_cannot_see_it() -> None:
    html = render_message(samples.entry(1, "Please read", card=samples.review()), "en")

    assert 'role="img" aria-label="Now: 9 × up to ¥1,264.67, 5 Nov 2026 – 3 Jul 2027"' in html
    assert html.count("<td>¥982.15</td>") == 12


def test_a_booked_plan_shows_its_reference_number() -> None:
    said = words(render_message(samples.entry(1, "Done", card=samples.review(state="booked")), "en"))

    assert "Booked" in said
    assert "Your reference number RP-7K4M-2026" in said


def test_a_used_button_and_those_beside_it_are_dead() -> None:
    used = (Button(title="Yes", reference=""), Button(title="No", reference="still-known"))
    html = render_message(samples.entry(1, "Well?", buttons=used), "en")

    assert html.count('aria-disabled="true"') == 2
    assert "data-reference" not in html


def test_who_speaks_is_said_to_screen_readers_and_a_person_is_named_to_all() -> None:
    assert '<p class="who unseen">Assistant</p>' in render_message(samples.entry(1, "Hello"), "en")
    assert '<p class="who">A member of staff</p>' in render_message(samples.entry(1, "Hello", "staff"), "en")
    assert "who" not in render_message(samples.entry(1, "Mei joined.", "system"), "en")


def test_the_borrowers_own_entry_carries_the_id_that_the_page_gave_it() -> None:
    assert 'data-client-id="abc"' in render_message(samples.entry(1, "Hello", "borrower", client_id="abc"), "en")


@pytest.mark.parametrize("author", ["borrower", "bot", "staff", "system"])
def test_hostile_words_stay_words(author: str) -> None:
    html = render_message(samples.entry(1, HOSTILE, author, client_id=HOSTILE), "en")  # type: ignore[arg-type]

    assert "<img" not in html
    assert "<script" not in html
    assert HOSTILE in words(html)


def test_hostile_words_on_a_card_and_its_buttons_stay_words() -> None:
    card = samples.bill().model_copy(update={"product": HOSTILE, "headline": HOSTILE})
    html = render_message(
        samples.entry(1, "Bill", card=card, buttons=(Button(title=HOSTILE, reference=HOSTILE),)), "en"
    )

    assert "<img" not in html
    assert "<script" not in html


def test_words_in_another_language_than_the_page_are_marked() -> None:
    assert '<p class="said" lang="zh-Hans">' in render_message(samples.entry(1, "我要还多少钱？", "borrower"), "en")
    assert '<p class="said" lang="en">' in render_message(samples.entry(1, "What do I owe?", "borrower"), "zh-Hans")
    assert '<p class="said">' in render_message(samples.entry(1, "What do I owe?", "borrower"), "en")


def test_with_a_card_the_rest_of_the_words_is_folded_but_there() -> None:
    html = render_message(samples.entry(1, "You owe ¥10.\nIt was due on Monday.", card=samples.bill()), "en")

    assert '<p class="said">You owe ¥10.</p>' in html
    assert "In words It was due on Monday." in words(html)


def test_the_words_of_a_plan_that_waits_for_consent_stand_open() -> None:
    html = render_message(samples.entry(1, "Please read this.\nIt costs ¥10.", card=samples.review()), "en")

    assert '<details class="in-words" open>' in html


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Talk to a person"),
        ("zh-Hans", "请看清具体条款"),
        ("zh-Hant", "實際年利率 18.2%"),
        ("zh-Hant", "還款總額"),
    ],
)
def test_the_page_speaks_the_language_asked_for(language: str, expected: str) -> None:
    html = render_page(samples.change(samples.conversation(language), language), Look())

    assert f'<html lang="{language}">' in html
    assert expected in words(html)


def test_the_page_catches_up_from_the_cursor() -> None:
    html = render_page(samples.change(samples.conversation(), view="a-view"), Look())

    assert 'data-view="a-view" data-after="10"' in html


def test_an_empty_chat_welcomes_with_four_questions_and_a_started_one_does_not() -> None:
    assert render_page(samples.change(), Look()).count("data-say") == 4
    assert "data-say" not in render_page(samples.change(samples.conversation()), Look())


def test_demonstration_borrowers_are_shown_only_when_given() -> None:
    borrower = DemoBorrower("Li Na", "138 0000 0001", "one instalment past due")

    assert "138 0000 0001" in render_page(samples.change(), Look(demo_borrowers=(borrower,)))
    assert "try-me" not in render_page(samples.change(), Look())


def test_nothing_on_the_page_needs_inline_script_or_style() -> None:
    html = render_page(samples.change(samples.conversation()), Look(has_theme=True, has_telegram=True))

    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:|js:", html)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"(?:src|href)=\"(?!/)", html)


def test_the_sign_of_an_answer_being_written_comes_and_goes() -> None:
    assert "An answer is being written" in words(render_typing(True, "en"))
    assert words(render_typing(False, "en")) == ""


def test_every_text_of_the_page_has_a_chinese_translation() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    translated = {message.id for message in catalogue if message.string}
    in_templates = {
        str(text)
        for template in {*TEMPLATES.rglob("*.html")} - {*TEMPLATES.joinpath("staff").rglob("*.html")}
        for _, text, _, _ in extract("jinja2.ext:babel_extract", template.open("rb"), keywords={"_": None})
    }
    in_code = {*LINES.values(), *STATUSES.values(), *SPEAKERS.values(), *SUGGESTED_QUESTIONS, *dict(MENU).values()}
    in_code |= {request.words for request in REQUESTS.values()} | {str(TooLargeError()), str(UnknownKindError())}

    assert (in_templates | in_code) - translated == set()


def test_every_language_has_its_button() -> None:
    html = render_page(samples.change(), Look())

    assert [f'name="language" value="{language}"' in html for language in LANGUAGES] == [True, True, True]


def test_a_file_is_a_link_with_its_name_and_size_and_its_name_is_said_once() -> None:
    html = render_message(samples.entry(1, "payslip.pdf", "borrower", files=(samples.file("payslip.pdf"),)), "en")

    assert f'href="/files/{samples.file("payslip.pdf").id}" data-document' in html
    assert words(html).count("payslip.pdf") == 1
    assert "384 kB" in words(html)


def test_what_staff_write_about_a_file_stands_above_it() -> None:
    file = samples.file("agreement.pdf", size=2_345_678)
    said = words(render_message(samples.entry(1, "Here is your copy.", "staff", files=(file,)), "en"))

    assert "Here is your copy. agreement.pdf 2.3 MB" in said


def test_the_menu_asks_for_everything_that_a_borrower_may_want_without_typing_it() -> None:
    html = render_page(samples.change(), Look())

    for name in ("person", "stop", "dispute", "complaint", "hardship", "data_copy", "data_erasure"):
        assert f'data-request="{name}"' in html
        assert name in REQUESTS


def test_telegram_is_offered_to_whoever_is_signed_in_where_there_is_such_a_channel() -> None:
    signed_in = samples.change(is_personal=True)
    signed_out = samples.change(is_personal=True, is_expired=True)

    assert 'action="/telegram"' in render_page(signed_in, Look(has_telegram=True))
    assert 'action="/telegram"' in render_ways_out(signed_in, Look(has_telegram=True))
    assert "Telegram" not in render_page(samples.change(), Look(has_telegram=True))
    assert "Telegram" not in render_page(signed_out, Look(has_telegram=True))
    assert "Telegram" not in render_ways_out(signed_out, Look(has_telegram=True))
    assert "Telegram" not in render_page(signed_in, Look())


def test_a_page_in_a_frame_names_the_pages_that_may_show_it_and_nobody() -> None:
    html = render_page(samples.change(), Look(embedders=("https://lender.example", "https://shop.example")))

    assert 'data-embedders="https://lender.example https://shop.example"' in html
    assert 'hx-ws:connect="/embedded/chat"' in html


def test_a_frame_may_be_light_or_dark_whatever_the_device_prefers() -> None:
    both, light, dark = (
        render_page(samples.change(), Look(scheme=scheme)) for scheme in ("light dark", "light", "dark")
    )  # type: ignore[arg-type]

    assert 'dark.css" media="(prefers-color-scheme: dark)">' in both
    assert "dark.css" not in light
    assert 'dark.css">' in dark


def test_the_page_that_plays_the_lenders_loads_one_script_of_ours() -> None:
    html = render_demo_shop("en", (DemoBorrower("Li Na", "138 0000 0001", "has one loan"),), 0)

    assert html.count("<script") == 1
    assert 'src="/embed.js" data-token-url="/demo-shop/token?visitor=0"' in html

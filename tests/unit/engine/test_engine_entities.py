from datetime import date

import pytest

from bot.engine.entities.extractor import find_entities

WEDNESDAY = date(2026, 11, 18)


def found(text, business_date=WEDNESDAY):
    return [(finding.entity, finding.value) for finding in find_entities(text, business_date)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I'll pay $1,200.50", "1200.50"),
        ("can i pay 500 on account", "500"),
        ("300 a month is my limit", "300"),
        ("two hundred and fifty dollars", "250"),
        ("half a grand", "500"),
        ("owe you 1k2", "1200"),
        ("about 2k", "2000"),
        ("it is 3.5k, right?", "3500"),
        ("1w5", "15000"),
        ("1.2万", "12000"),
        ("借了三万六", "36000"),
        ("先还八百五", "850"),
        ("三千块", "3000"),
        ("两千块五", "2000.5"),
        ("三块五", "3.5"),
        ("每月还1500", "1500"),
        ("还二百五", "250"),
        ("我付了100,000", "100000"),
        ("三十来块钱", "30"),
        ("５００元", "500"),
        ("1500", "1500"),
    ],
)
def test_amounts(text, value):
    assert found(text) == [("amount_of_money", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("today", "2026-11-18"),
        ("后天", "2026-11-20"),
        ("明儿个还", "2026-11-19"),
        ("next friday", "2026-11-27"),
        ("this friday", "2026-11-20"),
        ("下周一", "2026-11-23"),
        ("周五", "2026-11-20"),
        ("after the 20th", "2026-11-20"),
        ("15号", "2026-12-15"),
        ("18号", "2026-11-18"),
        ("31号", "2026-12-31"),
        ("下个月15号", "2026-12-15"),
        ("下下个月5号", "2027-01-05"),
        ("月底", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("the last day of this month", "2026-11-30"),
        ("年底", "2026-12-31"),
        ("1月3号", "2027-01-03"),
        ("dec 25th", "2026-12-25"),
        ("3rd of january", "2027-01-03"),
        ("12/25", "2026-12-25"),
        ("2027年2月14日", "2027-02-14"),
        ("14/02/2027", "2027-02-14"),
        ("in two weeks", "2026-12-02"),
        ("10天后", "2026-11-28"),
        ("a week from friday", "2026-11-27"),
        ("二十五号之前", "2026-11-25"),
        ("這個禮拜六", "2026-11-21"),
    ],
)
def test_dates_resolve_to_a_sensible_future(text, value):
    assert found(text) == [("date", value)]


@pytest.mark.parametrize("text", ["2月31号", "feb 30", "11月31日", "last friday", "上周五", "11月5号", "昨天", "5/6"])
def test_a_past_impossible_or_ambiguous_date_is_unclear(text):
    assert found(text) == [("unclear_date", text)]


def test_a_leap_day_waits_for_its_year():
    assert found("2月29号", date(2026, 6, 10)) == [("date", "2028-02-29")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("延期两周", {"days": 14}),
        ("再给我十来天", {"days": 10}),
        ("两三天", {"days": 3}),
        ("半个月", {"days": 15}),
        ("一个半月", {"days": 45}),
        ("往后挪俩月", {"months": 2}),
        ("半年", {"months": 6}),
        ("a fortnight", {"days": 14}),
        ("5 more days", {"days": 5}),
        ("a couple of weeks", {"days": 14}),
        ("3 months", {"months": 3}),
        ("two and a half months", {"days": 75}),
    ],
)
def test_durations(text, value):
    assert found(text) == [("duration", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("分十二期", 12),
        ("分成6期", 6),
        ("分两次还", 2),
        ("分半年", 6),
        ("over a year", 12),
        ("split it over 6 months please", 6),
        ("twelve instalments", 12),
        ("make it 9 installments", 9),
        ("6 monthly payments", 6),
    ],
)
def test_instalment_counts(text, value):
    assert found(text) == [("instalment_count", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("六月那期", {"month": 6}),
        ("the June bill", {"month": 6}),
        ("last month's bill", {"month": 10}),
        ("上个月的账单", {"month": 10}),
        ("第二笔", {"ordinal": 2}),
        ("the second instalment", {"ordinal": 2}),
        ("第三期", {"ordinal": 3}),
        ("最后一期", {"ordinal": -1}),
    ],
)
def test_instalment_references(text, value):
    assert found(text) == [("instalment_reference", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("rs-204118", "RS-204118"),
        ("the phone one", "phone"),
        ("手机那笔", "手机"),
        ("花呗", "花呗"),
        ("my car loan", "car"),
    ],
)
def test_loan_references(text, value):
    assert found(text) == [("loan_reference", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("手机号13900001234", "13900001234"), ("+44 7700 900123", "+447700900123"), ("(415) 555-0123", "4155550123")],
)
def test_phone_numbers(text, value):
    assert found(text) == [("phone_number", value)]


@pytest.mark.parametrize("text", ["482913", "482 913", "验证码是482913", "my code is 482913", "482913 这个验证码"])
def test_one_time_codes(text):
    assert found(text) == [("one_time_code", "482913")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("in Chinese please", "zh-Hans"),
        ("说英文", "en"),
        ("說英文", "en"),
        ("繁體", "zh-Hant"),
        ("can you speak english", "en"),
    ],
)
def test_language_requests(text, value):
    assert found(text) == [("language_request", value)]


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("十二", 12), ("no, 9", 9), ("改成九", 9), ("twelve", 12)])
def test_a_small_number_alone_is_left_to_the_context(text, value):
    assert found(text) == [("number", value)]


@pytest.mark.parametrize(
    "text",
    [
        "万一还不上怎么办",
        "等一下",
        "能便宜一点吗",
        "千万别告诉我家人",
        "说一千道一万",
        "你才二百五",
        "一次性还清",
        "利率是24%",
        "2026年",
        "one thing",
        "in a second",
        "give me one minute",
        "first of all",
        "I may pay",
        "thanks a million",
        "24/7",
        "i have 2 kids and a dog",
        "I sat down",
        "change my phone number",
        "I don't speak english",
        "please pay by 9am",
    ],
)
def test_words_that_only_look_like_entities(text):
    assert found(text) == []


def test_places_are_those_of_the_typed_text():
    text = "我想把　６月那期，延到下個月１５號"
    assert [text[each.start : each.end] for each in find_entities(text, WEDNESDAY)] == ["６月那期", "下個月１５號"]


def test_one_sentence_many_entities():
    assert found("can i pay 500 on friday for the June bill") == [
        ("amount_of_money", "500"),
        ("date", "2026-11-20"),
        ("instalment_reference", {"month": 6}),
    ]

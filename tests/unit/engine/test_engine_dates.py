from datetime import date

import pytest
from reading import found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("today", "2026-11-18"),
        ("this evening", "2026-11-18"),
        ("tmrw", "2026-11-19"),
        ("the day after tomorrow", "2026-11-20"),
        ("next friday", "2026-11-27"),
        ("this friday", "2026-11-20"),
        ("friday next week", "2026-11-27"),
        ("monday week", "2026-11-30"),
        ("the friday after next", "2026-12-04"),
        ("a week from friday", "2026-11-27"),
        ("Friday 4 December", "2026-12-04"),
        ("friday the 27th", "2026-11-27"),
        ("last friday of the month", "2026-11-27"),
        ("first monday of next month", "2026-12-07"),
        ("after the 20th", "2026-11-20"),
        ("on the first", "2026-12-01"),
        ("the 1st of the month", "2026-12-01"),
        ("on the twenty-fifth", "2026-11-25"),
        ("next month on the 5th", "2026-12-05"),
        ("end of next month", "2026-12-31"),
        ("month-end", "2026-11-30"),
        ("the last day of this month", "2026-11-30"),
        ("mid december", "2026-12-15"),
        ("dec 25th", "2026-12-25"),
        ("3rd of january", "2027-01-03"),
        ("dec 1, 2026", "2026-12-01"),
        ("12/25", "2026-12-25"),
        ("14/02/2027", "2027-02-14"),
        ("by new year's eve", "2026-12-31"),
        ("boxing day", "2026-12-26"),
        ("in two weeks", "2026-12-02"),
        ("in a fortnight", "2026-12-02"),
        ("10 days from now", "2026-11-28"),
    ],
)
def test_english_dates_resolve_to_a_sensible_future(text, value):
    assert found(text) == [("date", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("后天", "2026-11-20"),
        ("大后天", "2026-11-21"),
        ("明儿个还", "2026-11-19"),
        ("聽日還", "2026-11-19"),
        ("今晚12点前", "2026-11-18"),
        ("周五", "2026-11-20"),
        ("下周一", "2026-11-23"),
        ("下下周三", "2026-12-02"),
        ("這個禮拜六", "2026-11-21"),
        ("下周五27号", "2026-11-27"),
        ("15号", "2026-12-15"),
        ("18号", "2026-11-18"),
        ("31号", "2026-12-31"),
        ("二十五号之前", "2026-11-25"),
        ("廿五號", "2026-11-25"),
        ("下个月15号", "2026-12-15"),
        ("下月十五", "2026-12-15"),
        ("下下个月5号", "2027-01-05"),
        ("今個月25號", "2026-11-25"),
        ("月底", "2026-11-30"),
        ("月尾", "2026-11-30"),
        ("下个月头", "2026-12-01"),
        ("12月中旬", "2026-12-15"),
        ("年底", "2026-12-31"),
        ("1月3号", "2027-01-03"),
        ("12.25号", "2026-12-25"),
        ("2027年2月14日", "2027-02-14"),
        ("元旦过后", "2027-01-01"),
        ("圣诞节前", "2026-12-25"),
        ("10天后", "2026-11-28"),
        ("半个月后", "2026-12-03"),
    ],
)
def test_chinese_dates_resolve_to_a_sensible_future(text, value):
    assert found(text) == [("date", value)]


@pytest.mark.parametrize(
    "text",
    ["2月31号", "feb 30", "11月31日", "32号", "13月5号", "the 35th", "31/11", "13/13/2026"],
)
def test_a_day_that_does_not_exist_is_unclear(text):
    assert found(text) == [("unclear_date", text)]


@pytest.mark.parametrize(
    "text", ["last friday", "yesterday", "two days ago", "上周五", "11月5号", "昨天", "尋日", "三天前"]
)
def test_a_day_that_has_gone_by_is_unclear(text):
    assert [entity for entity, _ in found(text)] == ["unclear_date"]


def test_a_day_that_reads_two_ways_is_unclear():
    assert found("5/6") == [("unclear_date", "5/6")]


def test_a_leap_day_waits_for_its_year():
    assert found("2月29号", date(2026, 6, 10)) == [("date", "2028-02-29")]


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 16), date(2026, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize(
    "text", ["周五", "friday", "the 15th", "15号", "月底", "月初", "this weekend", "元旦", "mid month"]
)
def test_what_is_to_come_is_never_past(text, day):
    [(entity, value)] = found(text, day)
    assert entity == "date"
    assert date.fromisoformat(value) >= day


@pytest.mark.parametrize(
    "text",
    [
        "发工资那天",
        "出糧嗰日",
        "on payday",
        "when i get paid",
        "改天",
        "过几天吧",
        "soon",
        "下个月",
        "next week",
        "every friday",
        "每周五",
        "I may pay",
        "first may i ask something",
        "I sat down",
        "march over here and tell me that",
        "first of all",
        "in the first place",
        "at the end of the day it's your fault",
        "the 2nd reminder",
        "住在中山路12号",
        "2号线",
        "第一次用你们这个",
    ],
)
def test_words_that_name_no_day(text):
    assert [entity for entity, _ in found(text) if "date" in entity] == []

"""Dates in Chinese, Cantonese words included."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.engine.entities.calendar_words import (
    CHINESE_DAY,
    CHINESE_MONTH,
    CHINESE_WEEKDAY,
    day_number,
    month_number,
    weekday_number,
)
from bot.engine.entities.date_rules import (
    Match,
    days_on,
    full_date,
    month_and_day,
    next_day_of_month,
    not_one_day,
    part_of_month,
    part_of_named_month,
    part_of_this_month,
    rule,
)
from bot.engine.entities.days import coming, day_of_week, existing_day, first_of_month, from_now, in_month, weekend
from bot.engine.entities.numbers import NOT_INSIDE_NUMBER, to_number

_MONTH = f"(?P<month>{CHINESE_MONTH})月(?:份)?"
_DAY = f"(?P<day>{CHINESE_DAY})"
_SIGN = "[号日]"
_DAY_OF_MONTH = f"{_DAY}(?:{_SIGN}|(?![\\d个個期天万千百块元周次笔岁年月成分点/.%]))"
_WEEK = "(?:周|星期|礼拜)"
_WEEKDAY_BEFORE = f"(?:上|下|这|本)?个?{_WEEK}[一二三四五六日天][（(，, ]{{0,2}}"
_AND_WEEKDAY = f"(?:[（(，, ]{{0,2}}{_WEEK}[一二三四五六日天][）)]?)?"
_STEP = "(?P<step>上上个?|上个?|下下个?|下个?|这一?个?|本|当|今个?|呢个|依个|出个?)"
_OF_MONTH = f"{_STEP}月(?:份)?的?"
_PART = "(?P<part>底|末|尾|最后一天|初|头|中旬?)"
_COUNT = "(?P<count>\\d{1,3}|[一二两俩三四五六七八九十]+)"
_UNIT = "(?P<unit>天|日|周|星期|礼拜|(?<=个)月|(?<=[俩仨])月|年)"
_NOT_THE_DAY_OF = "(?<![\\d一二三四五六七八九十廿月第共迟晚延推拖缓给多限宽差])"
_NUMBERED_THING = "(?!线|楼|码|店|卡|常|子|期|元|房|室|院|门|桌|机|客服|柜|公路|仓|本|币|圆|内|之内|以内|游)"

_STEPS = {"上上": -2, "上": -1, "下": 1, "出": 1, "下下": 2}
_UNITS = {"天": "day", "日": "day", "周": "week", "星": "week", "礼": "week", "月": "month", "年": "year"}
_HOLIDAYS = {"元旦": (1, 1), "情": (2, 14), "劳": (5, 1), "五": (5, 1), "儿": (6, 1), "国": (10, 1), "双": (11, 11)}
_CHRISTMAS = {"平安夜": (12, 24), "圣诞夜": (12, 24), "圣诞": (12, 25), "跨年": (12, 31)}


def _step(match: Match) -> int:
    return _STEPS.get((match["step"] or "").rstrip("个"), 0)


def _next_year(match: Match, today: date) -> date | None:
    return existing_day(today.year + 1, month_number(match["month"]), day_number(match["day"]))


def _day_in_month(match: Match, today: date) -> date | None:
    return in_month(_step(match), day_number(match["day"]), today)


def _part_of_month(match: Match, today: date) -> date:
    return part_of_month(match["part"], first_of_month(_step(match), today))


def _year_end(match: Match, today: date) -> date:
    return date(today.year + (match["step"] == "明"), 12, 31)


def _holiday(match: Match, today: date) -> date | None:
    return coming(*next(day for name, day in (_HOLIDAYS | _CHRISTMAS).items() if match[0].startswith(name)), today)


def _weekday(match: Match, today: date) -> date:
    return day_of_week(weekday_number(match["weekday"]), today, _step(match) if match["step"] else None)


def _from_now(match: Match, today: date) -> date:
    return from_now(int(to_number(match["count"]) or 0), _UNITS[match["unit"][0]], today)


def _months_and_a_half_from_now(match: Match, today: date) -> date:
    return today + relativedelta(months=int(to_number(match["count"] or "零") or 0)) + timedelta(days=15)


RULES = (
    rule(f"(?P<year>20\\d\\d)年(?P<month>\\d{{1,2}})月{_DAY}{_SIGN}?{_AND_WEEKDAY}", full_date),
    rule(f"明年{_MONTH}{_DAY}{_SIGN}?", _next_year),
    rule(f"{_MONTH}(?P<year>)的?{_DAY_OF_MONTH}{_AND_WEEKDAY}", month_and_day),
    rule(f"(?<![\\d.])(?P<month>1[0-2]|0?[1-9])\\.{_DAY}{_SIGN}(?P<year>)", month_and_day),
    rule(f"(?<!\\d)\\d{{1,2}}月份?\\d{{1,2}}{_SIGN}", not_one_day),
    rule(f"{_OF_MONTH}{_DAY_OF_MONTH}{_AND_WEEKDAY}", _day_in_month),
    rule(f"{_OF_MONTH}{_PART}(?!国|文|间)", _part_of_month),
    rule(
        f"(?<![\\d个一二三四五六七八九十])月{_PART}(?!国|文|间)",
        lambda match, today: part_of_this_month(match["part"], today),
    ),
    rule(f"{_MONTH}的?{_PART}", part_of_named_month),
    rule("(?P<step>明|今)?年(?:底|末|尾)", _year_end),
    rule(
        "元旦|情人节|劳动节|(?<![一二三四五六七八九十])五一(?=节|假|放|前|后|之)|儿童节|国庆节?|双(?:十一|11)"
        "|平安夜|圣诞夜|圣诞节?|跨年夜?",
        _holiday,
    ),
    rule(
        f"(?:{_WEEKDAY_BEFORE}|(?<![\\d一二三四五六七八九十廿月第共路街道弄巷村栋幢座])){_DAY}号{_NUMBERED_THING}{_AND_WEEKDAY}",
        next_day_of_month,
    ),
    rule(
        f"(?<!每)(?<!每个)(?:{_STEP}的?)?{_WEEK}(?P<weekday>{CHINESE_WEEKDAY})(?![个期\\d]|[百千万十])",
        _weekday,
    ),
    rule(f"(?:{_STEP})?周末", lambda match, today: weekend(today, _step(match))),
    rule("大后[天日](?!\\d)", days_on(3)),
    rule("(?<![之以今往先])后(?:[天日](?!\\d)|晚)", days_on(2)),
    rule("明(?:[天日早晚朝]|儿个?|个儿)(?![确白])|听(?:日|晚|朝)", days_on(1)),
    rule("今(?:[天日早晚朝]|儿个?)", days_on(0)),
    rule("[昨琴寻](?:[天日晚]|儿个?)", days_on(-1)),
    rule("大前[天日]|(?<![之以提])前(?:天|日)", days_on(-2)),
    rule(f"(?<![第期.]){NOT_INSIDE_NUMBER}{_COUNT}(?:个工作)?个?{_UNIT}(?:之后|以后|后|过后)(?!悔)", _from_now),
    rule(f"(?:再过|过){_COUNT}个?{_UNIT}(?!期)", _from_now),
    rule(
        "(?<![\\d一二三四五六七八九十])(?:(?P<count>[一二两三四五六1-9])个)?半个?月(?:之后|以后|后)(?!悔)",
        _months_and_a_half_from_now,
    ),
    rule(
        f"(?<![第期.]){NOT_INSIDE_NUMBER}(?:\\d{{1,2}}|[一二两俩三四五六七八九十]+|几)个?(?:天|日|周|星期"
        f"|礼拜)(?:之前|以前|前)",
        not_one_day,
    ),
    rule(f"{_NOT_THE_DAY_OF}{_DAY}日{_NUMBERED_THING}(?![后前])", next_day_of_month),
)
"""In the order in which they are tried: a word is read by the first that fits it."""

"""Phone numbers and one-time codes."""

import re
from collections.abc import Iterator

from bot.engine.entities.finding import Finding

PHONE_NUMBER = "phone_number"
ONE_TIME_CODE = "one_time_code"

_PHONE = re.compile(
    r"(?<![\da-z+])(?<!\d[,.-])(?:"
    r"\+\d{1,3}(?:[ -]?\(?\d{1,5}\)?)(?:[ -]?\d{2,4}){1,4}"  # any country, as written abroad
    r"|(?:0{0,2}86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"  # mainland China
    r"|(?:1[ -])?\(?[2-9]\d{2}\)?[ -.]?[2-9]\d{2}[ -.]?\d{4}"  # North America
    r"|0\d{4}[ -]?\d{3}[ -]?\d{3}"  # United Kingdom
    r"|0[94]\d{2}[ -]?\d{3}[ -]?\d{3}"  # Taiwan, Australia
    r"|0\d{2,3}[ -]?\d{4}[ -]?\d{4}|\(0\d{1,3}\)[ -]?\d{3,4}[ -]?\d{4}|0\d{2}[ -]\d{3}[ -]\d{4}"  # with an area code
    r"|[5-9]\d{3}[ -]\d{4}"  # Hong Kong, Singapore
    r")(?![\d,.]\d|\d)"
)
_CALLED_A_PHONE = re.compile(
    r"(?:phone|mobile|cell|tel|whatsapp|number|call me (?:on|at)|reach me (?:on|at)|text me (?:on|at)|电话|手机"
    r"|号码|门号)(?:号码?|号)?"
    r"(?: (?:no\.?|number))?[^\w]*(?:is|now|是|为|系|换成|改成"
    r"|改为)?[^\w]*(?P<number>\+?\d[\d -]{5,13}\d)(?![\d.,]\d|\d)"
)
_CODE = r"(?:\d{3}[ -]?\d{3}|\d(?:[ -]\d){3,5}|\d{4,8})(?!\d)"
_CHINESE_DIGITS = "[零〇一二三四五六七八九]{4,6}"
_CODE_CUE = re.compile(
    r"(?:(?<![a-z])(?:code|otp|pin|passcode|verification)(?![a-z])"
    r"(?: (?:is|was|i got|i received|says|it says|sent|number|from sms|you sent|here|just|got)){0,3}"
    r"|(?:验证|校验|动态|确认|短信|安全|登录)码|(?:收到的?|发来的|个)码|(?:^|[^\u4e00-\u9fff])码|(?:动态|一次性)密码"
    r"|口令)\W*(?:就?是|系|为|收到的?是?|发的是)?\W*"
    rf"(?P<code>{_CODE}|{_CHINESE_DIGITS})"
    r"|(?<!\d)(?P<before>\d{4,8}),? ?(?:(?:is|was) (?:the|my|your) (?:\w+ )?(?:code|otp|pin)|(?:是|这个|就是"
    r"|系)?(?:我的|那个|嗰个)?(?:验证|校验|动态|短信)码)"
)
_CODE_ALONE = re.compile(
    r"\W*(?:(?:it's|its|it is|here|ok|是|就是)[,:]? ?)?(?P<code>\d{6}|\d{3}[ -]\d{3}|\d(?:[ -]\d){5})\W*"
)
_OTHER_CODE = re.compile(r"(?:error|status|zip|postal|promo|promotion|discount|referral|area|sort|country|bar|qr) $")
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


def find_phone_numbers(text: str) -> Iterator[Finding]:
    """Find phone numbers; the value keeps the digits and a leading plus."""
    for match in _PHONE.finditer(text):
        yield Finding(PHONE_NUMBER, _digits(match[0]), *match.span())
    for match in _CALLED_A_PHONE.finditer(text):
        yield Finding(PHONE_NUMBER, _digits(match["number"]), *match.span("number"))


def _digits(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


def find_one_time_codes(text: str) -> Iterator[Finding]:
    """Find one-time codes: called so, or six digits and nothing else. The value is the digits."""
    for match in [*_CODE_CUE.finditer(text), *filter(None, [_CODE_ALONE.fullmatch(text)])]:
        if not _OTHER_CODE.search(text[: match.start()]):
            group = "before" if match.groupdict().get("before") else "code"
            yield Finding(ONE_TIME_CODE, re.sub(r"\D", "", match[group].translate(_DIGITS)), *match.span(group))

"""Phone numbers and one-time codes."""

import re
from collections.abc import Iterator

from bot.engine.entities.finding import Finding

PHONE_NUMBER = "phone_number"
ONE_TIME_CODE = "one_time_code"

_PHONE = re.compile(
    r"(?<![\da-z+])(?:"
    r"\+\d{1,3}(?:[ -]?\(?\d{2,5}\)?)(?:[ -]?\d{2,4}){1,4}"
    r"|(?:0?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"
    r"|(?:1[ -])?\(?[2-9]\d{2}\)?[ -.]?[2-9]\d{2}[ -.]?\d{4}"
    r"|0\d{4}[ -]?\d{3}[ -]?\d{3}"
    r"|0\d{2,3}[ -]?\d{4}[ -]?\d{4}"
    r")(?![\d,.]\d|\d)"
)
_CALLED_A_PHONE = re.compile(
    r"(?:phone|mobile|cell|tel|whatsapp|number|电话|手机|号码|手机号码?)(?: (?:no\.?|number))?[^\w]*(?:is|是|为)?[^\w]*"
    r"(?P<number>\+?\d[\d -]{5,13}\d)(?![\d.,]\d|\d)"
)
_CODE_CUE = re.compile(
    r"(?:(?<![a-z])(?:code|otp|pin|passcode)(?![a-z])(?: [a-z]+){0,2}|(?:验证|校验|动态|确认)?码)\W*(?:就?是"
    r"|为|收到的?是?)?\W*"
    r"(?P<code>\d{3}[ -]?\d{3}|\d{4,8})(?!\d)"
    r"|(?<!\d)(?P<before>\d{4,8}) ?(?:is (?:the|my|your) (?:code|otp)|(?:是|这个|就是)?(?:我的|那个)?(?:验证"
    r"|校验|动态)码)"
)
_CODE_ALONE = re.compile(r"\W*(?P<code>\d{6}|\d{3}[ -]\d{3})\W*")


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
        group = "before" if match.groupdict().get("before") else "code"
        yield Finding(ONE_TIME_CODE, re.sub(r"\D", "", match[group]), *match.span(group))

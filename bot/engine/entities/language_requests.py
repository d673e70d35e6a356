"""Which language the borrower asks to be answered in."""

import re
from collections.abc import Iterator

from bot.engine.entities.finding import Finding

LANGUAGE_REQUEST = "language_request"

_NAMES = {
    "en": r"english|eng|英文|英语|英語",
    "zh-Hant": r"traditional(?: chinese)?|cantonese|繁体(?:中文|字)?|繁中|正体中?文?|广东话|粤语|港台字",
    "zh-Hans": (
        r"simplified(?: chinese)?|mandarin|chinese|putonghua|zhongwen|简体(?:中文|字)?|简中|中文|汉语|国语"
        r"|普通话|华语"
    ),
}
_ASKED = (
    r"(?<!n't )(?<!cannot )(?<!can not )(?<!不)(?<!不会)(?:\b(?:in|to|into|speak|use|talk|switch to|change to"
    r"|reply in|want|prefer|try|using|set|language(?: is| to)?:?)\s+(?:me (?:in )?|in |to )?"
    r"|(?:用|说|讲|切换?(?:到|成|为)?|换(?:成|到)?|改(?:成|为|用)?|转(?:成|为|到)?|要|看|会|能|回|打|写|发)\s*)"
)
_PLEASE = r"(?:\s*(?:please|pls|plz|version|mode|only|回复|回答|界面|版|吧|可以吗|谢谢))"


def find_language_requests(text: str) -> Iterator[Finding]:
    """Find requests for a language; the value is `en`, `zh-Hans` or `zh-Hant`."""
    for language, names in _NAMES.items():
        pattern = (
            rf"{_ASKED}(?P<asked>{names})(?![a-z])|(?<![a-z])(?P<polite>{names}){_PLEASE}|\W*(?P<alone>{names})\W*\Z"
        )
        for match in re.finditer(pattern, text):
            group = match.lastgroup
            if group == "alone" and text[: match.start()].strip():
                continue
            yield Finding(LANGUAGE_REQUEST, language, *match.span(group))

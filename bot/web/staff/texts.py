"""The console's words in the language of whoever looks at it."""

from bot.texts import translations
from bot.web.staff.visits import visit

DOMAIN = "staff"
NICEGUI_LANGUAGES = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


def translate(language: str, text: str, **values: object) -> str:
    """`text` in `language` (en, zh-Hans, zh-Hant), with `values` in the places of its `%(name)s`."""
    return str(translations(language, DOMAIN).gettext(text)) % values


def word(value: object) -> str:
    """What stands in a text, in the language of the page where it is a word of ours; names stay as they are."""
    found = str(value)
    return found and str(translations(visit().language, DOMAIN).gettext(found))


def say(text: str, **values: object) -> str:
    """`text` in the language of the page on which something happens."""
    return translate(visit().language, text, **values)

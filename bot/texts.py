"""The texts of the chat page and of the hub itself: English in the code, Chinese in gettext catalogues.

Traditional Chinese is made from the Simplified catalogue.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from respite.languages import to_traditional

LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
CATALOGUE = Path(__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "respite.po"


@cache
def translations(language: str) -> NullTranslations:
    """The texts in `language` (en, zh-Hans or zh-Hant), to be given to Jinja's i18n extension."""
    if language == "en":
        return NullTranslations()
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans", domain="respite")
    if language == "zh-Hant":
        _turn_traditional(catalogue)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="respite")


def translate(language: str, text: str, **values: object) -> str:
    """`text` in `language`, with `values` in the places of its `%(name)s`."""
    translated: str = translations(language).gettext(text)
    return translated % values


def _turn_traditional(catalogue: Catalog) -> None:
    for message in catalogue:
        if isinstance(message.string, str):
            message.string = to_traditional(message.string)
        else:
            message.string = tuple(to_traditional(form) for form in message.string)

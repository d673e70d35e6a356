"""The texts of the chat page, of the hub itself and of the console: English in the code, Chinese in gettext catalogues.

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
CATALOGUES = Path(__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
CATALOGUE = CATALOGUES / "respite.po"


@cache
def translations(language: str, domain: str = "respite") -> NullTranslations:
    """The texts in `language` (en, zh-Hans or zh-Hant), to be given to Jinja's i18n extension.

    Those for staff have a `domain` of their own: staff.
    """
    if language == "en":
        return NullTranslations()
    with (CATALOGUES / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans", domain=domain)
    if language == "zh-Hant":
        _turn_traditional(catalogue)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=domain)


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

"""The borrower's page as HTML: the whole page, one message, or the sign that an answer is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Literal

from babel.units import format_unit
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.engine.language import detect_language
from bot.incoming import MENU, REQUESTS
from bot.texts import LANGUAGES, translations
from bot.web.assets import assets_path
from bot.web.chart import before_and_after
from bot.web.entries import Change, ChatEntry
from bot.web.labels import LINES, STATUSES, SUGGESTED_QUESTIONS
from respite.languages import to_traditional, written_in
from respite.policies.load import policy
from respite.store.demo_book import DemoBorrower
from respite.support.attachments import LARGEST_FILE, MEDIA_TYPES, TooLargeError, UnknownKindError
from respite.support.messages import Card, File, PlanOption, PlansCard

SHORT_NAMES = {"en": "EN", "zh-Hans": "简", "zh-Hant": "繁"}
SPEAKERS = {"borrower": "You", "bot": "Assistant", "staff": "A member of staff"}
NOT_IN_THIS_PLAN = "–"
MODULES = ("page", "reading", "saying")
"""What the page's script is made of, loaded beside it."""

Scheme = Literal["light dark", "light", "dark"]


@dataclass(frozen=True)
class Look:
    """How an installation's page looks and what it offers.

    `embedders` are the origins of the pages in which it may stand in a frame; without any, it is a page of its own.
    """

    demo_borrowers: tuple[DemoBorrower, ...] = ()
    has_theme: bool = False
    has_telegram: bool = False
    scheme: Scheme = "light dark"
    embedders: tuple[str, ...] = ()


@dataclass(frozen=True)
class LenderContact:
    name: str
    phone: str
    hours: str


def render_page(change: Change, look: Look, chat: str = "") -> str:
    """The page with what was said so far, from which it catches up. `chat` is a name for the chat, not its token."""
    return _render(
        "page.html",
        change.language,
        change=change,
        look=look,
        chat=chat,
        languages=[(code, name, SHORT_NAMES[code]) for code, name in LANGUAGES.items()],
        lender=_lender(change.language),
        largest_file=LARGEST_FILE,
        media_types=MEDIA_TYPES,
        file_too_large=str(TooLargeError()),
        file_of_unknown_kind=str(UnknownKindError()),
    )


def render_entries(change: Change) -> str:
    """All entries of a chat."""
    return _render("entries.html", change.language, change=change)


def render_message(entry: ChatEntry, language: str) -> str:
    """One entry, to be put at the end of the page's log."""
    return _render("entry.html", language, entry=entry)


def render_ways_out(change: Change, look: Look) -> str:
    """How to leave a chat that is a borrower's; nothing for a stranger."""
    return _render("ways_out.html", change.language, change=change, look=look)


def render_dead_link(language: str, look: Look) -> str:
    """A page for whoever comes with a link that signs nobody in."""
    return _render("dead_link.html", language, look=look, lender=_lender(language))


def render_refusal(reason: str, language: str, look: Look) -> str:
    """A page for whoever opened an address and is refused what it gives; `reason` is in `language`."""
    return _render("refusal.html", language, reason=reason, look=look, lender=_lender(language))


def render_demo_shop(language: str, visitors: Sequence[DemoBorrower], visitor: int | None) -> str:
    """The page that plays the lender's, as the visitor with that number sees it."""
    return _render("demo_shop.html", language, lender=_lender(language), visitors=visitors, visitor=visitor)


def render_typing(active: bool, language: str, typist: str = "") -> str:
    """The three dots while an answer is written by the bot or by `typist`, a member of staff; else nothing."""
    return _render("typing.html", language, active=active, typist=typist)


def _render(template: str, language: str, **values: object) -> str:
    return _environment(language).get_template(template).render(**values)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = translations(language)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "language": language,
        "static": assets_path(),
        "modules": MODULES,
        "menu": MENU,
        "questions": SUGGESTED_QUESTIONS,
        "label": lambda key: words.gettext(str(LINES.get(key, key))),
        "status": lambda key: words.gettext(STATUSES[key]),
        "speaker": lambda entry: entry.name or words.gettext(SPEAKERS[entry.author]),
        "request_words": lambda name: words.gettext(REQUESTS[name].words),
        "lang_attribute": lambda text: _lang_attribute(text, language),
        "file_size": lambda file: _file_size(file, language),
        "names_a_file": _names_a_file,
        "opening_and_details": _opening_and_details,
        "aligned_lines": _aligned_lines,
        "before_and_after": before_and_after,
    }
    return environment


def _lender(language: str) -> LenderContact:
    lender = policy().lender
    contact = LenderContact(
        lender.name[written_in(language)],
        lender.support_phone,
        lender.support_hours[written_in(language)],
    )
    if language != "zh-Hant":
        return contact
    return LenderContact(to_traditional(contact.name), contact.phone, to_traditional(contact.hours))


def _lang_attribute(text: str, page_language: str) -> Markup:
    """A `lang` attribute for words in another language than the page around them."""
    spoken = detect_language(text, page_language)
    return Markup("") if spoken in (None, page_language) else Markup(' lang="{}"').format(spoken)


def _file_size(file: File, language: str) -> str:
    unit, size = ("kilobyte", file.size / 1e3) if file.size < 1e6 else ("megabyte", file.size / 1e6)
    decimals = "0.#" if size < 10 else "0"
    return format_unit(size, f"digital-{unit}", "short", decimals, locale=language.replace("-", "_"))


def _names_a_file(entry: ChatEntry) -> bool:
    """Whether its text says only what the file beneath it is called."""
    return PurePath(entry.text).stem in {PurePath(file.name).stem for file in entry.files}


def _opening_and_details(text: str, card: Card | None) -> tuple[str, str]:
    """With a card beneath it, the first paragraph stands above the card and the others below it."""
    if card is None:
        return text, ""
    opening, _, details = text.partition("\n")
    return opening, details.strip()


def _aligned_lines(card: PlansCard, option: PlanOption) -> list[tuple[str, str]]:
    """The lines of one plan in the order that all plans on the card share, to be read across."""
    values = {line.label: line.value for line in option.lines}
    shared = dict.fromkeys(line.label for each in card.options for line in each.lines)
    return [(key, values.get(key, NOT_IN_THIS_PLAN)) for key in shared]

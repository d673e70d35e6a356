"""The borrower's page as HTML: the whole page, one message, or the sign that an answer is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.engine.language import detect_language
from bot.texts import LANGUAGES, translations
from bot.web.chart import before_and_after
from bot.web.entries import ChatEntry
from bot.web.labels import LINES, STATUSES, SUGGESTED_QUESTIONS
from respite.languages import to_traditional, written_in
from respite.policies.load import policy
from respite.store.demo_book import DemoBorrower
from respite.support.messages import Card, PlanOption, PlansCard

SHORT_NAMES = {"en": "EN", "zh-Hans": "简", "zh-Hant": "繁"}
SPEAKERS = {"borrower": "You", "bot": "Assistant", "staff": "A member of staff"}
NOT_IN_THIS_PLAN = "–"


@dataclass(frozen=True)
class LenderContact:
    name: str
    phone: str
    hours: str


def render_page(
    language: str,
    messages: Sequence[ChatEntry],
    cursor: int,
    demo_borrowers: Sequence[DemoBorrower] = (),
    is_personal: bool = False,
) -> str:
    """The page in `language` with what was said so far; it catches up from the entry with the id `cursor`."""
    return (
        _environment(language)
        .get_template("page.html")
        .render(
            language=language,
            languages=[(code, name, SHORT_NAMES[code]) for code, name in LANGUAGES.items()],
            lender=_lender(language),
            questions=SUGGESTED_QUESTIONS,
            entries=messages,
            cursor=cursor,
            demo_borrowers=demo_borrowers,
            is_personal=is_personal,
        )
    )


def render_message(entry: ChatEntry, language: str) -> str:
    """One entry, to be put at the end of the page's log."""
    return _environment(language).get_template("entry.html").render(entry=entry)


def render_ways_out(is_personal: bool, language: str) -> str:
    """How to leave a chat that is a borrower's; nothing for a stranger."""
    return _environment(language).get_template("ways_out.html").render(is_personal=is_personal)


def render_dead_link(language: str) -> str:
    """A page for whoever comes with a link that signs nobody in."""
    return _environment(language).get_template("dead_link.html").render(language=language, lender=_lender(language))


def render_typing(active: bool, language: str) -> str:
    """The three dots, or nothing in their place."""
    return _environment(language).get_template("typing.html").render(active=active)


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
        "label": lambda key: words.gettext(str(LINES.get(key, key))),
        "status": lambda key: words.gettext(STATUSES[key]),
        "speaker": lambda entry: words.gettext(SPEAKERS[entry.author]),
        "lang_attribute": lambda text: _lang_attribute(text, language),
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

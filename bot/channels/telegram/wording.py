"""A message as Telegram shows it: what is said in full, then the figures of its card, folded."""

from collections.abc import Iterable

from bot.channels.telegram.splitting import Paragraph, escape, pages, plain
from bot.texts import translate
from bot.web.labels import LINES, STATUSES
from respite.support.conversations import BOT, SYSTEM
from respite.support.messages import BillCard, Card, Line, Message, PlansCard, ReviewCard, ScheduleCard

COLONS = {"en": ": ", "zh-Hans": "：", "zh-Hant": "："}


def written(message: Message, author: str, language: str, name: str = "") -> list[str]:
    """A message as HTML, in as many parts as Telegram needs. What a person says stands under their `name`."""
    said = plain(message.text)
    if author == SYSTEM:
        said = [Paragraph(tuple(f"<i>{line}</i>" for line in paragraph.lines if line)) for paragraph in said]
    elif author != BOT:
        said.insert(0, Paragraph((f"<b>{escape(name or translate(language, 'A member of staff'))}</b>",)))
    return pages([*said, *_card(message.card, language)])


def _card(card: Card | None, language: str) -> list[Paragraph]:
    match card:
        case BillCard():
            return [_details(_title(card.product, card.loan_reference), _lines(card.lines, language))]
        case ScheduleCard():
            return [_details(_title(card.product, card.loan_reference), _schedule(card, language))]
        case PlansCard():
            return [
                _details(_title(f"{number}. {option.title}"), _lines(option.lines, language))
                for number, option in enumerate(card.options, start=1)
            ]
        case ReviewCard():
            return [_details(_title(card.title, card.loan_reference), _lines(card.lines, language))]
        case None:
            return []


def _details(title: str, lines: Iterable[str]) -> Paragraph:
    return Paragraph((title, *lines), is_details=True)


def _title(name: str, reference: str = "") -> str:
    return f"<b>{escape(name)}</b> {escape(reference)}".rstrip()


def _lines(lines: Iterable[Line], language: str) -> Iterable[str]:
    for line in lines:
        label = translate(language, LINES.get(line.label, line.label))
        yield escape(f"{label}{COLONS[language]}{line.value}")


def _schedule(card: ScheduleCard, language: str) -> Iterable[str]:
    number, due, amount, parts = (
        translate(language, word) for word in ("No.", LINES["due_date"], "Amount", "Principal + costs")
    )
    yield escape(f"{number} · {due} · {amount} ({parts})")
    for row in card.rows:
        status = "" if row.status == "upcoming" else f" · {translate(language, STATUSES[row.status])}"
        yield escape(f"{row.number} · {row.due_date} · {row.amount} ({row.principal} + {row.interest}){status}")

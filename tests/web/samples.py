"""One of every card, in English and Chinese, as the actions would send them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.idle import SIGNED_OUT as SIGNED_OUT_TEXT
from bot.texts import translate
from bot.web.entries import Author, Change, ChatEntry
from respite.support.messages import (
    BillCard,
    Button,
    Card,
    ChartPoint,
    File,
    Line,
    Message,
    PlanOption,
    PlansCard,
    ReviewCard,
    ScheduleCard,
    ScheduleRow,
)

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def lines(**values: str) -> tuple[Line, ...]:
    return tuple(Line(label=label, value=value) for label, value in values.items())


def points(
    count: int, amount_minor: int, first: date = date(2026, 11, 5), days: int = 30, language: str = "en"
) -> tuple[ChartPoint, ...]:
    dates = [first + timedelta(days=days * number) for number in range(count)]
    form = "%Y年%-m月%-d日" if language.startswith("zh") else "%-d %b %Y"
    amount = f"¥{amount_minor // 100:,}.{amount_minor % 100:02}"
    return tuple(
        ChartPoint(due_on=due, due_date=due.strftime(form), amount_minor=amount_minor, amount=amount) for due in dates
    )


def bill(language: str = "en") -> BillCard:
    chinese = language.startswith("zh")
    return BillCard(
        product="手机分期" if chinese else "Phone instalments",
        loan_reference="····4821",
        status="overdue",
        headline="¥1,284.36",
        due_date="2026年11月5日" if chinese else "5 November 2026",
        lines=lines(principal="¥1,166.67", interest="¥98.00", penalty="¥19.69", days_past_due="17", total="¥1,284.36"),
    )


def schedule(language: str = "en", count: int = 12) -> ScheduleCard:
    statuses = ["paid", "paid", "overdue", "due", *["upcoming"] * count]
    months = [(2026 + month // 12, month % 12 + 1) for month in range(8, 8 + count)]
    return ScheduleCard(
        product="手机分期" if language.startswith("zh") else "Phone instalments",
        loan_reference="····4821",
        headline="¥12,646.70",
        rows=tuple(
            ScheduleRow(
                number=str(number),
                due_date=f"{year}年{month}月5日" if language.startswith("zh") else f"{date(year, month, 5):%-d %b %Y}",
                amount="¥1,264.67",
                principal="¥1,166.67",
                interest="¥98.00",
                status=statuses[number - 1],  # type: ignore[arg-type]
            )
            for number, (year, month) in enumerate(months, start=1)
        ),
    )


def plans(language: str = "en", options: int = 3) -> PlansCard:
    chinese = language.startswith("zh")
    words = (
        (("本期延后 14 天", "下一期晚两周还"), ("分 12 期还", "每月少还一些"), ("分 18 期还", "每月还得最少"))
        if chinese
        else (
            ("Move this instalment by 14 days", "Two more weeks for the next one"),
            ("Spread over 12 instalments", "Less each month"),
            ("Spread over 18 instalments", "The least each month"),
        )
    )
    figures = (
        ("¥1,289.47", "9", "¥11,425.11", "¥24.80", "17.8%"),
        ("¥982.15", "12", "¥11,785.80", "¥385.49", "18.2%"),
        ("¥682.90", "18", "¥12,292.20", "¥891.89", "18.2%"),
    )
    return PlansCard(
        options=tuple(
            PlanOption(
                title=title,
                summary=summary,
                lines=lines(
                    instalment=instalment,
                    count=count,
                    first_due="2026年12月5日" if chinese else "5 December 2026",
                    total_cost=total,
                    extra_cost=extra,
                    annual_rate=rate,
                ),
                choose=Button(title="选这个方案" if chinese else "Choose this plan", reference=f"plan-{number}"),
            )
            for number, ((title, summary), (instalment, count, total, extra, rate)) in enumerate(
                zip(words[:options], figures[:options], strict=True), start=1
            )
        )
    )


def review(language: str = "en", state: str = "open") -> ReviewCard:
    chinese = language.startswith("zh")
    return ReviewCard(
        state=state,  # type: ignore[arg-type]
        title="分 12 期还" if chinese else "Spread over 12 instalments",
        loan_reference="····4821",
        reference="RP-7K4M-2026" if state == "booked" else "",
        lines=lines(
            instalment="¥982.15",
            count="12",
            first_due="2026年12月5日" if chinese else "5 December 2026",
            last_due="2027年11月5日" if chinese else "5 November 2027",
            total_cost="¥11,785.80",
            extra_cost="¥385.49",
            annual_rate="18.2%",
            valid_until="2026年11月23日 9:30" if chinese else "23 November 2026, 9:30",
        ),
        before=points(9, 126467, language=language),
        after=points(12, 98215, first=date(2026, 12, 5), language=language),
    )


def replies(language: str = "en") -> tuple[Button, ...]:
    titles = ("确认这个方案", "再想想") if language.startswith("zh") else ("Confirm this plan", "Not now")
    return tuple(Button(title=title, reference=f"reply-{number}") for number, title in enumerate(titles))


def file(name: str, size: int = 384_200) -> File:
    return File(id="0" * 32, name=name, media_type="application/pdf", size=size)


def entry(
    id: int,
    text: str,
    author: Author = "bot",
    card: Card | None = None,
    buttons: tuple[Button, ...] = (),
    client_id: str | None = None,
    files: tuple[File, ...] = (),
) -> ChatEntry:
    message = None if author == "borrower" else Message(text=text, card=card, buttons=buttons, files=files)
    return ChatEntry(id=id, author=author, text=text, message=message, at=AT, client_id=client_id, files=files)


TEXTS = {
    "en": (
        "What do I owe?",
        "You have one instalment past due, ¥1,284.36 in all.\nIt was due on 5 November 2026, 17 days ago. "
        "Paying today stops the penalty interest.",
        "Here is everything that is still to be paid.",
        "I cannot pay this month",
        "Thank you for telling me early. These are the plans that are open to you, cheapest first.",
        "Nothing is changed yet. Please read the exact terms, then confirm.",
        "Done. Your new schedule stands from today.",
        "Mei Lin has joined the conversation.",
        "Hello, I am Mei. I have read what you agreed with the assistant.",
    ),
    "zh-Hans": (
        "我欠多少钱？",
        "您有一期已逾期，共 ¥1,284.36。\n到期日是 2026年11月5日，已过 17 天。今天还清就不再产生罚息。",
        "这是您还没有还的全部分期。",
        "这个月还不上",
        "谢谢您提前告诉我。下面是您可以选的方案，费用最低的在前。",
        "目前没有任何更改。请看清具体条款，再确认。",
        "办好了。新的还款计划从今天起生效。",
        "林梅已加入对话。",
        "您好，我是林梅。我已看过您和助手谈好的内容。",
    ),
}


def conversation(language: str = "en") -> list[ChatEntry]:
    """A whole conversation with one of every card."""
    texts = TEXTS.get(language, TEXTS["zh-Hans"])
    return [
        entry(1, texts[0], "borrower"),
        entry(2, texts[1], card=bill(language)),
        entry(3, texts[2], card=schedule(language)),
        entry(4, texts[3], "borrower"),
        entry(5, texts[4], card=plans(language)),
        entry(6, texts[5], card=review(language), buttons=replies(language)),
        entry(7, texts[6], card=review(language, "booked")),
        entry(8, "payslip-november.pdf", "borrower", files=(file("payslip-november.pdf"),)),
        entry(9, texts[7], "system"),
        entry(10, texts[8], "staff"),
    ]


def change(entries: Sequence[ChatEntry] = (), language: str = "en", **values: Any) -> Change:
    """What a page is made of that shows these entries."""
    return Change(list(entries), cursor=entries[-1].id if entries else 0, language=language, **values)


SIGNED_OUT = {language: translate(language, SIGNED_OUT_TEXT, minutes=30) for language in ("en", "zh-Hans", "zh-Hant")}

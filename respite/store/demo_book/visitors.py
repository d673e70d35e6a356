"""The three borrowers that a demonstration introduces, for whoever tries it to sign in as."""

from dataclasses import dataclass
from typing import NamedTuple

from respite.policies.model import Language, PlanKind, Words
from respite.store.demo_book.lender import LoanStory
from respite.store.demo_book.people import Person, phone_number
from respite.store.demo_book.situations import PlanStory, Situation


class DemoBorrower(NamedTuple):
    """Somebody to try a demonstration as: `phone` signs them in."""

    name: str
    phone: str
    what_to_try: str


@dataclass(frozen=True)
class Visitor:
    person: Person
    what_to_try: Words
    loans: tuple[LoanStory, ...]


ON_TIME = Situation("on time", range(0))
LATE = Situation("up to a month late", range(0))
ON_A_PLAN = Situation(
    "restructuring active",
    range(0),
    plan=PlanStory(PlanKind.RESTRUCTURING, booked=-40, state="active", count=12),
)

VISITORS = (
    Visitor(
        Person("Grace Miller", phone_number(1), "en"),
        {
            "en": "has one cash loan, due in 5 days. Ask: “I can't pay this month”.",
            "zh": "有一笔现金分期，5 天后还款。可以问：“这个月还不上怎么办”。",
        },
        (LoanStory(ON_TIME, "cash_loan", principal=12_000, count=12, paid=4, due=5),),
    ),
    Visitor(
        Person("王磊", phone_number(2), "zh-Hans"),
        {
            "en": "is 20 days overdue on one of two loans. Ask: “What if I don't pay?” or “12 months?”.",
            "zh": "有两笔借款，其中一笔逾期 20 天。可以问：“一直不还会怎样”或“能分 12 期还吗”。",
        },
        (
            LoanStory(LATE, "phone_instalments", principal=6_000, count=12, paid=3, due=-20),
            LoanStory(ON_TIME, "shopping_instalments", principal=2_400, count=12, paid=5, due=9),
        ),
    ),
    Visitor(
        Person("陳美玲", phone_number(3), "zh-Hant"),
        {
            "en": "pays by a restructuring plan. Ask: “What does my plan look like now?”",
            "zh": "正在按分期重组方案还款。可以问：“我的方案现在怎么样了”。",
        },
        (LoanStory(ON_A_PLAN, "cash_loan", principal=20_000, count=12, paid=3, due=-55),),
    ),
)


def demo_borrowers(language: Language) -> tuple[DemoBorrower, ...]:
    """The three of them, with what to try in `language`: true on the business date of the demo loan book."""
    return tuple(
        DemoBorrower(visitor.person.name, visitor.person.phone, visitor.what_to_try[language]) for visitor in VISITORS
    )

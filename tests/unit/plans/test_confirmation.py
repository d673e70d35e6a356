"""The confirmation: everything that was agreed, in the borrower's language, the same bytes every time."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import product

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import select

from respite.formatting import format_amount, format_fact
from respite.languages import to_traditional
from respite.lending.money import Money
from respite.plans.confirmation import confirmation, issue
from respite.plans.confirmation.agreement import Agreement
from respite.plans.confirmation.contents import contents
from respite.plans.confirmation.wording import TEXTS, Wording
from respite.plans.offers import restructuring_offer
from respite.plans.terms import PlanTerms
from respite.policies.load import policy
from respite.store.models import AuditEntry, Plan
from respite.store.session import transaction
from respite.wording import read_texts
from tests.databases import ON_SQLITE
from tests.unit.plans import desk

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("store_url")]

LANGUAGES = ["en", "zh-Hans", "zh-Hant"]
QUOTES = {"deferral": desk.quote_deferral, "restructuring": desk.quote_restructuring}
PROFILES = ["due_soon", "late", "bullet", "interest_free"]
AGAIN = """
import hashlib
from respite.plans.confirmation import confirmation
from respite.policies.load import policy
from respite.store.models import Plan
from respite.store.session import transaction
with transaction() as session:
    print(hashlib.sha256(confirmation(session.get_one(Plan, {id}), policy=policy(), language="zh-Hans")).hexdigest())
"""


def booked(profile: str = "late", kind: str = "restructuring") -> int:
    """The id of a new plan."""
    return desk.consent(QUOTES[kind](desk.lend(profile))).plan.id


def document_of(plan_id: int, language: str = "en") -> bytes:
    with transaction() as session:
        return confirmation(session.get_one(Plan, plan_id), policy=policy(), language=language)


def text_of(document: bytes) -> str:
    """The words in the file, without the spaces that typesetting moves about."""
    pages = PdfReader(BytesIO(document)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def written(language: str) -> str:
    return "en" if language == "en" else "zh"


@pytest.mark.parametrize("kind", QUOTES)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_instalment_stands_in_it_with_all_its_parts(profile: str, kind: str) -> None:
    plan_id = booked(profile, kind)
    with transaction() as session:
        terms = PlanTerms.from_json(session.get_one(Plan, plan_id).terms)
    told = {language: text_of(document_of(plan_id, language)) for language in LANGUAGES}
    for language, line in product(LANGUAGES, terms.schedule):
        parts = (line.principal, line.interest, line.fee, line.carried, line.total)
        amounts = (format_amount(Money(part, "CNY"), written(language)) if part else "–" for part in parts)
        assert packed(f"{line.number} {format_fact(line.due, written(language))} {' '.join(amounts)}") in told[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", QUOTES)
def test_it_says_who_agreed_to_what_at_which_cost(kind: str, language: str) -> None:
    plan_id = booked("late", kind)
    text = text_of(document_of(plan_id, language))
    with transaction() as session:
        plan = session.get_one(Plan, plan_id)
        agreement = Agreement.of(plan, policy())
        lender, borrower, terms = policy().lender, plan.loan.borrower, agreement.terms
        name = lender.name[written(language)]  # type: ignore[index]
        names = [
            to_traditional(name) if language == "zh-Hant" else name,
            lender.support_phone,
            borrower.name,
            borrower.reference,
            plan.loan.reference,
            plan.reference,
            plan.terms_hash,
            plan.policy_version,
            "17:00:00",
        ]
    facts = [
        agreement.money(agreement.before.total_remaining),
        agreement.money(agreement.before.outstanding_principal),
        agreement.payoff,
        terms.total,
        terms.extra_against_agreed,
        terms.extra_against_payoff,
        terms.effective_annual_rate,
        agreement.disclosure.nominal_annual_rate,
        agreement.disclosure.if_late.penalty_rate,
        policy().late_charges.all_in_cap_annual_rate,
        agreement.money(agreement.late_example.total),
        agreement.cancellable_until,
    ]
    shown = [format_fact(fact, written(language)) for fact in facts]
    amounts = [format_amount(fact, written(language)) for fact in facts[:2] if isinstance(fact, Money)]
    for expected in names + amounts + shown[2:]:
        assert packed(expected) in text


def test_the_balance_is_the_one_of_the_day_of_the_booking() -> None:
    loan_id = desk.lend("late")
    with desk.account(loan_id) as account:
        owed = account.position
    plan_id = desk.consent(desk.quote_restructuring(loan_id)).plan.id
    before = document_of(plan_id)
    desk.pay(loan_id, owed.total_remaining, desk.NOW + desk.DAY)
    with transaction() as session:
        agreement = Agreement.of(session.get_one(Plan, plan_id), policy())
    assert agreement.before == owed
    assert document_of(plan_id) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", QUOTES)
def test_the_same_plan_gives_the_same_bytes(kind: str, language: str) -> None:
    plan_id = booked("late", kind)
    assert document_of(plan_id, language) == document_of(plan_id, language)


def test_another_process_gives_the_same_bytes() -> None:
    plan_id = booked()
    program = [sys.executable, "-c", AGAIN.format(id=plan_id)]
    elsewhere = subprocess.run(program, capture_output=True, text=True, check=True).stdout.strip()
    assert elsewhere == hashlib.sha256(document_of(plan_id, "zh-Hans")).hexdigest()


def test_a_broken_or_cancelled_plan_keeps_its_confirmation() -> None:
    loan_id = desk.lend("late")
    plan_id = desk.consent(desk.quote_restructuring(loan_id)).plan.id
    before = document_of(plan_id)
    desk.undo(loan_id)
    assert document_of(plan_id) == before


def test_the_file_says_when_the_plan_was_booked_and_nothing_of_when_it_was_made() -> None:
    metadata = PdfReader(BytesIO(document_of(booked()))).metadata
    assert metadata is not None
    assert metadata.creation_date == metadata.modification_date == desk.NOW
    assert metadata.author == "Lantern Instalments"


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_glyphs_are_embedded_as_subsets(language: str) -> None:
    document = document_of(booked(), language)
    fonts = fonts_of(PdfReader(BytesIO(document)))
    assert fonts
    for font in fonts:
        name, descriptor = font["/BaseFont"], font["/DescendantFonts"][0]["/FontDescriptor"]
        assert re.match(r"/[A-Z]{6}\+NotoSansCJK(sc|tc)-", name)
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert len(document) < 250_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_aloud(language: str) -> None:
    catalogue = PdfReader(BytesIO(document_of(booked(), language))).root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith(written(language))


def test_every_page_is_numbered() -> None:
    plan_id = desk.consent(desk.quote_restructuring(desk.lend("late"), count=18)).plan.id
    pages = PdfReader(BytesIO(document_of(plan_id))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert packed(page.extract_text()).endswith(f"{number}/{len(pages)}")


def test_traditional_characters_leave_a_borrowers_name_as_it_is() -> None:
    plan_id = booked()
    with transaction() as session:
        session.get_one(Plan, plan_id).loan.borrower.name = "陈梅"
    text = text_of(document_of(plan_id, "zh-Hant"))
    assert "陈梅" in text
    assert "還款方案確認書" in text


def test_no_borrower_can_write_into_the_layout() -> None:
    name = '#panic("x") *b* $1$ <a> \\ "'
    plan_id = booked()
    with transaction() as session:
        session.get_one(Plan, plan_id).loan.borrower.name = name
    assert packed(name) in text_of(document_of(plan_id))


def test_it_says_what_the_policy_said_that_the_plan_was_made_under() -> None:
    generous = desk.rules(plan_cancellation_days=21)
    with desk.account(desk.lend("late"), rules=generous) as loan:
        offer = restructuring_offer(loan, 12)
    plan_id = desk.consent(desk.write(offer), rules=generous).plan.id
    until = format_fact(desk.TODAY + timedelta(days=21), "en")
    with transaction() as session:
        document = issue(session, session.get_one(Plan, plan_id), language="en", actor="staff:li", now=desk.NOW)
    text = text_of(document)
    assert packed(until) in text
    assert packed(generous.version) in text


def test_whoever_gets_it_stands_in_the_audit_trail() -> None:
    plan_id = booked()
    with transaction() as session:
        plan = session.get_one(Plan, plan_id)
        given = [issue(session, plan, language="en", actor=actor, now=desk.NOW) for actor in ("borrower:1", "staff:li")]
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "confirmation_issued")).all()
        assert [entry.actor for entry in entries] == ["borrower:1", "staff:li"]
        for document, entry in zip(given, entries, strict=True):
            assert entry.subject == f"plan:{plan.reference}"
            assert entry.details == {"language": "en", "sha256": hashlib.sha256(document).hexdigest()}


def test_every_text_is_said_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()
    say = Wording.say

    def noted(self: Wording, name: str, /, **facts: object) -> str:
        said.add(name)
        return say(self, name, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(Wording, "say", noted)
    charging = policy().model_copy(
        update={
            "late_charges": policy().late_charges.model_copy(
                update={"penalty_base": "overdue_amount", "penalty_from": "due_date", "late_fee": Decimal(20)}
            ),
            "payoff": policy().payoff.model_copy(update={"fee_rate": Decimal(1)}),
        }
    )
    for profile in ("late", "interest_free"):
        for kind in QUOTES:
            plan_id = booked(profile, kind)
            with transaction() as session:
                plan = session.get_one(Plan, plan_id)
                for rules in (policy(), charging):
                    contents(Agreement.of(plan, rules), Wording("en"))
                plan.quote.language = "zh"  # type: ignore[union-attr]
                contents(Agreement.of(plan, policy()), Wording("en"))
                plan.quote = None
                contents(Agreement.of(plan, policy()), Wording("en"))
    assert said == set(read_texts(TEXTS))


def test_the_layout_compiles_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[object] = []

    def strictly(*arguments: object, **options: object) -> bytes:
        document, found = typst.compile_with_warnings(*arguments, **options)  # type: ignore[arg-type, call-overload]
        warnings.extend(found)
        return document  # type: ignore[no-any-return]

    monkeypatch.setattr(typst, "compile", strictly)
    for language in LANGUAGES:
        document_of(booked(), language)
    assert warnings == []


def test_what_the_plan_waives_is_said_as_less() -> None:
    plan_id = booked()
    with transaction() as session:
        agreement = Agreement.of(session.get_one(Plan, plan_id), policy())
        less = replace(agreement, terms=replace(agreement.terms, extra_against_agreed=Money.from_minor(-500, "CNY")))
        highlights = contents(less, Wording("en")).highlights
    assert highlights[2].note == "-CN¥5.00 against paying as agreed"


def fonts_of(reader: PdfReader) -> list[DictionaryObject]:
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]

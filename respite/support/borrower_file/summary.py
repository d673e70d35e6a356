"""A file in one paragraph, made from its facts: who, what is owed, what was offered and refused, where it stands."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from respite.lending.bill import bill
from respite.lending.money import Money
from respite.plans.terms import PlanTerms
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote
from respite.support.borrower_file.contents import BorrowerFile, Refused
from respite.support.plan_cards import plan_title
from respite.support.words import words_in
from respite.wording import Wording

TEXTS = Path(__file__).with_name("words.yml")
LONGEST_WORDS = 120


def summary(file: BorrowerFile, language: str) -> str:
    """The paragraph for a member of staff who reads `language` (en, zh-Hans, zh-Hant)."""
    words = Wording(TEXTS, language)
    sentences = [*_who(words, file), *_owed(words, file), *_why(words, file), *_plans(words, file, language)]
    sentences += [*_promises(words, file), *_standing(words, file, language)]
    return (" " if language == "en" else "").join(sentences)


def _who(words: Wording, file: BorrowerFile) -> Iterator[str]:
    borrower = file.borrower
    if borrower is None:
        yield words.say("stranger")
    elif file.verified is None:
        yield words.say("signed_out", name=borrower.name, reference=borrower.reference)
    else:
        how = words.say(f"how_{file.verified.how}")
        day = file.verified.at.date()
        yield words.say("signed_in", name=borrower.name, reference=borrower.reference, how=how, day=day)
    if file.flags:
        yield words.say("flagged", reasons=words.join([words.say(f"flag_{flag.reason}") for flag in file.flags]))


def _owed(words: Wording, file: BorrowerFile) -> Iterator[str]:
    if file.borrower is None:
        return
    if file.is_stale:
        yield words.say("stale")
    if not file.loans:
        yield words.say("nothing_owed")
    for account in file.loans:
        yield _loan(words, account)
        if account.active_plan:
            yield words.say("on_a_plan", plan=account.active_plan.reference)


def _loan(words: Wording, account: LoanAccount) -> str:
    position = account.position
    names = {"product": words.of(account.product.name), "loan": account.reference}
    if account.is_overdue:
        return words.say(
            "overdue",
            **names,
            days=timedelta(days=position.days_past_due),
            overdue=account.money(position.overdue_total),
            late_charges=account.money(position.late_charges),
        )
    asked = bill(position)
    return words.say("due", **names, amount=account.money(asked.total), day=asked.due)


def _why(words: Wording, file: BorrowerFile) -> Iterator[str]:
    if file.handoff:
        yield words.say("because", reason=words.say(f"reason_{file.handoff.reason}"))
    open_cases = [case for case in file.cases if case.state != "closed"]
    if open_cases:
        cases = [words.say(f"case_{case.kind}", reference=case.reference) for case in open_cases]
        yield words.say("open_cases", cases=words.join(cases))


def _plans(words: Wording, file: BorrowerFile, language: str) -> Iterator[str]:
    for said, states in (("offered", ("offered", "shown")), ("agreed", ("accepted",)), ("withdrawn", ("withdrawn",))):
        if titles := _titles(language, [quote for quote in file.quotes if quote.state in states]):
            yield words.say(said, plans=words.join(titles))
    if file.refused:
        rules = dict.fromkeys(_rule(words, refused) for refused in file.refused)
        yield words.say("refused", rules=words.join(list(rules)))


def _titles(language: str, quotes: Sequence[Quote]) -> list[str]:
    """What the plans do, each once."""
    titles = (plan_title(words_in(language), PlanTerms.from_json(quote.terms)) for quote in quotes)
    return list(dict.fromkeys(titles))


def _rule(words: Wording, refused: Refused) -> str:
    rule = words.say(f"rule_{refused.limit or refused.rule}")
    if refused.granted_by:
        rule = words.say("granted_by", rule=rule, role=words.say(f"role_{refused.granted_by}"))
    return words.say("refused_for", loan=refused.loan, rule=rule)


def _promises(words: Wording, file: BorrowerFile) -> Iterator[str]:
    for account in file.loans:
        for promise in file.promises:
            if promise.loan_id == account.loan.id and promise.state == "open":
                amount = Money.from_minor(promise.amount_minor, account.loan.currency)
                yield words.say("promised", amount=amount, day=promise.due_on, loan=account.reference)


def _standing(words: Wording, file: BorrowerFile, language: str) -> Iterator[str]:
    """Where it got stuck, and what was written last."""
    if file.troubles:
        yield words.say(f"stuck_{file.troubles[-1].state}")
    waiting = [quote for quote in file.quotes if quote.state == "shown"]
    if waiting:
        yield words.say("stuck_consent", plan=_titles(language, waiting)[0])
    if file.last_words:
        yield words.say("last_words", words=_shortened(file.last_words))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_WORDS else f"{text[:LONGEST_WORDS].rstrip()}…"

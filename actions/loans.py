"""Which of a borrower's loans a message is about."""

import re
from typing import Any

from opencc import OpenCC

from actions.turn import Turn
from respite.store.loan_book import LoanAccount

_IN_SIMPLIFIED = OpenCC("t2s")
THE_OTHER = re.compile(r"\bthe other (?:loan|bill|account)\b|另外?一?笔", re.IGNORECASE)


def mentioned_account(turn: Turn) -> LoanAccount | None:
    """The open loan that the borrower named, now or earlier in the conversation; None if they named none."""
    remembered = turn.tracker.get_slot("loan_reference")
    return account_named_now(turn) or (find_account(turn, remembered) if remembered else None)


def account_named_now(turn: Turn) -> LoanAccount | None:
    """The open loan that the latest message names: by its reference, its product, its place, or as the other one."""
    reference = _number_named(turn)
    if reference:
        return find_account(turn, reference)
    in_list = turn.at_place_named(turn.accounts)
    if in_list and turn.tracker.get_slot("requested_slot") == "loan_reference":
        return in_list
    text = _IN_SIMPLIFIED.convert(turn.tracker.latest_message.get("text") or "")
    if len(turn.accounts) == 2 and THE_OTHER.search(text):
        return next(account for account in turn.accounts if account is not _spoken_of_before(turn))
    return _named_by_product(turn.accounts, text)


def find_account(turn: Turn, reference: str) -> LoanAccount | None:
    """The borrower's open loan with this reference."""
    wanted = reference.casefold()
    return next((account for account in turn.accounts if account.reference.casefold() == wanted), None)


def is_unknown_loan(turn: Turn) -> bool:
    """Whether the borrower just named a loan number that is not one of their open ones."""
    reference = _number_named(turn)
    return reference is not None and find_account(turn, reference) is None


def _number_named(turn: Turn) -> str | None:
    """The loan number in the latest message; other words for a loan are read by `_named_by_product`."""
    named = turn.entity("loan_reference")
    return named if named and any(letter.isdigit() for letter in named) else None


def _spoken_of_before(turn: Turn) -> LoanAccount:
    """The loan that was in question when the latest message came."""
    remembered = before = None
    for event in turn.tracker.events:
        if event["event"] == "slot" and event["name"] == "loan_reference":
            remembered = event["value"]
        elif event["event"] == "user":
            before = remembered
    return (find_account(turn, before) if before else None) or turn.accounts[0]


def _named_by_product(accounts: list[LoanAccount], text: str) -> LoanAccount | None:
    """The one account with a word of its product's name in `text` that no other account's product has."""
    words = [_words_of(account) for account in accounts]
    named = [
        account
        for place, account in enumerate(accounts)
        if any(word in text.casefold() for word in words[place].difference(*words[:place], *words[place + 1 :]))
    ]
    return named[0] if len(named) == 1 else None


def _words_of(account: LoanAccount) -> set[str]:
    """The words of a product's name; a Chinese name is taken two characters at a time."""
    english, chinese = account.product.name["en"].casefold(), account.product.name["zh"]
    return set(english.replace("-", " ").split()) | {chinese[at : at + 2] for at in range(len(chinese) - 1)}


def account_in_question(turn: Turn) -> LoanAccount | None:
    """The loan that was mentioned, or else the most urgent one; None when nothing is owed."""
    return mentioned_account(turn) or next(iter(turn.accounts), None)


def other_loans(turn: Turn, account: LoanAccount, intent: str) -> list[dict[str, str]]:
    """Buttons that ask the same of the borrower's other open loans."""
    return [loan_button(turn, other, intent) for other in turn.accounts if other is not account]


def loan_button(turn: Turn, account: LoanAccount, intent: str) -> dict[str, str]:
    payload = f'/{intent}{{"loan_reference": "{account.reference}"}}'
    title = turn.part("loan", product=turn.in_words(account.product.name), loan=account.reference)
    return {"title": title, "payload": payload}


def loan_facts(turn: Turn, account: LoanAccount) -> dict[str, Any]:
    """The names by which a reply speaks of a loan."""
    return {"product": turn.in_words(account.product.name), "loan": account.reference}

"""Lenders' policy files: those that ship hold together, and a mistake in one is named with its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.numbers import is_currency
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.lending.schedule import Method
from respite.policies.load import SHIPPED, PolicyError, load_policy
from respite.store.demo_book import seed
from respite.store.loan_book import account_of
from respite.store.models import Loan
from tests.databases import ON_SQLITE
from tests.unit.plans.desk import TODAY

NAMES = sorted(file.stem for file in SHIPPED.glob("*.yml"))


def test_policies_of_three_countries_ship() -> None:
    assert NAMES == ["cn", "uk", "us"]


@pytest.mark.parametrize("name", NAMES)
class TestShippedPolicy:
    def test_it_loads_and_says_which_it_is(self, name: str) -> None:
        loaded = load_policy(name)
        assert loaded.version.startswith(name)
        assert is_currency(loaded.currency)
        assert loaded.charge_rules.grace_days == loaded.late_charges.grace_days
        assert loaded.payoff_rules.fee_rate == loaded.payoff.fee_rate

    def test_it_sells_every_method_of_repayment(self, name: str) -> None:
        methods = {product.method for product in load_policy(name).products.values()}
        assert methods == set(Method) - {Method.FLAT_INTEREST}

    def test_everything_is_said_in_english_and_chinese(self, name: str) -> None:
        loaded = load_policy(name)
        words = [loaded.lender.name, loaded.lender.support_hours, loaded.lender.helpline]
        words += [product.name for product in loaded.products.values()]
        words += [step.text for step in loaded.consequences]
        assert all(set(each) == {"en", "zh"} and all(each.values()) for each in words)

    def test_consequences_come_in_order_and_charges_only_after_grace(self, name: str) -> None:
        loaded = load_policy(name)
        days = [step.day for step in loaded.consequences]
        assert days == sorted(days)
        assert loaded.credit_bureau_after in days
        for step in loaded.consequences:
            is_charge = any(word in step.text["en"] for word in ("penalty interest starts", "fee is charged"))
            assert not is_charge or step.day == loaded.late_charges.grace_days + 1

    def test_no_consequence_is_announced_that_the_lender_does_not_charge(self, name: str) -> None:
        loaded = load_policy(name)
        said = " ".join(step.text["en"] for step in loaded.consequences)
        assert ("penalty interest" in said) == (loaded.late_charges.penalty_rate_multiple > 0)
        assert ("late fee" in said) == (loaded.late_charges.late_fee > 0)

    @ON_SQLITE
    def test_the_demo_loan_book_can_be_lent_under_it(self, name: str, session: Session) -> None:
        loaded = load_policy(name)
        assert seed(session, loaded, TODAY, size=150) >= 150
        accounts = [account_of(loan, loaded, TODAY) for loan in session.scalars(select(Loan))]
        assert {account.bucket for account in accounts} == set(loaded.buckets)
        assert {account.loan.currency for account in accounts} == {loaded.currency}


Edit = Callable[[dict[str, Any]], object]

MISTAKES: dict[str, tuple[Edit, str]] = {
    "a key with a typo": (
        lambda it: it["late_charges"].update(gracedays=it["late_charges"].pop("grace_days")),
        "late_charges.gracedays",
    ),
    "a key that is missing": (lambda it: it["lender"].pop("helpline"), "lender.helpline"),
    "an unknown bucket": (
        lambda it: it["authority"]["bot"]["deferral"].update(buckets=["M0", "M7"]),
        "authority.bot.deferral.buckets: names ['M7']",
    ),
    "a negative amount": (lambda it: it["late_charges"].update(late_fee=-5), "late_charges.late_fee"),
    "a negative rate": (
        lambda it: it["products"]["cash_loan"].update(annual_rate=-1),
        "products.cash_loan.annual_rate",
    ),
    "a negative span": (
        lambda it: it["restructuring"].update(first_due_after=-1),
        "restructuring.first_due_after",
    ),
    "an unknown day count": (lambda it: it.update(day_count="actual/361"), "day_count"),
    "an unknown method": (
        lambda it: it["products"]["cash_loan"].update(method="balloon"),
        "products.cash_loan.method",
    ),
    "a part allocated twice": (
        lambda it: it["late_charges"].update(allocation=["penalty", "penalty", "interest", "fee", "principal"]),
        "late_charges.allocation",
    ),
    "a part never allocated": (
        lambda it: it["late_charges"].update(allocation=["penalty", "interest", "fee"]),
        "late_charges.allocation",
    ),
    "no plan at all": (
        lambda it: it["authority"]["bot"].update(plans_in_12_months=0),
        "authority.bot.plans_in_12_months",
    ),
    "words in a language we do not speak": (
        lambda it: it["lender"]["name"].update(fr="Lanterne"),
        "lender.name.fr",
    ),
    "words missing in a language": (lambda it: it["lender"]["name"].pop("zh"), "lender.name"),
    "an unknown time zone": (lambda it: it["lender"].update(timezone="Asia/Beijing"), "lender.timezone"),
    "a currency that is none": (lambda it: it.update(currency="RMB"), "currency"),
    "buckets that do not begin at once": (lambda it: it["buckets"].update(M0=1), "buckets"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lender.yml"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_place(file: Path, mistake: str) -> None:
    edit, place = MISTAKES[mistake]
    content = yaml.safe_load((SHIPPED / "cn.yml").read_text(encoding="utf-8"))
    edit(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        load_policy(str(file))
    assert str(file) in str(error.value)
    assert place in str(error.value)


def test_every_mistake_is_named_at_once(file: Path) -> None:
    content = yaml.safe_load((SHIPPED / "cn.yml").read_text(encoding="utf-8"))
    content["quote_minutes"] = 0
    content["late_charges"]["late_fee"] = -1
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"quote_minutes(.|\n)*late_charges|late_charges(.|\n)*quote_minutes"):
        load_policy(str(file))


def test_a_policy_in_a_file_of_ones_own_is_used(file: Path) -> None:
    file.write_text((SHIPPED / "uk.yml").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_policy(str(file)) == load_policy("uk")


def test_a_policy_that_is_nowhere_is_told_with_those_that_ship() -> None:
    with pytest.raises(PolicyError, match=r"'fr'.*cn, uk, us"):
        load_policy("fr")


@pytest.mark.parametrize("content", ["", "just words", "version: [", "- a\n- list"])
def test_a_file_that_is_no_policy_is_refused_in_words(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"lender\.yml"):
        load_policy(str(file))

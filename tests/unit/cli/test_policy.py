"""`respite policy check` and `respite policy diff`."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.policies import versions
from respite.policies.load import SHIPPED, policy
from respite.settings import settings
from respite.store.models import Borrower, Loan
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.plans import desk
from tests.unit.policies.files import edited, line_of

TODAY = ("--business-date", desk.TODAY.isoformat())


def respite(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["policy", *arguments])


class TestCheck:
    @pytest.mark.parametrize("name", ["cn", "uk", "us"])
    def test_the_policies_that_ship_can_be_used(self, name: str) -> None:
        result = respite("check", name)
        assert result.exit_code == 0
        assert f"{name}-2026-11" in result.output

    def test_the_summary_says_what_the_policy_allows(self) -> None:
        output = respite("check", str(SHIPPED / "cn.yml")).output
        for words in ("Lantern Instalments, CN, CNY", "3 days of grace", "deferral by 30 days", "36 instalments"):
            assert words in output

    def test_a_mistake_is_named_with_its_line_and_ends_with_exit_code_1(self, tmp_path: Path) -> None:
        file = edited(tmp_path, ("grace_days: 3", "gracedays: 3"), ("[7, 14, 30]", "[7, 45]"))
        result = respite("check", str(file))
        assert result.exit_code == 1
        assert f"{file}:{line_of(file, 'gracedays')}: late_charges.gracedays: " in result.output
        assert f"{file}:{line_of(file, 'offered_days')}: deferral.offered_days: offers [45]" in result.output
        assert "cannot be used" in result.output

    def test_a_caution_does_not_fail_the_check(self, tmp_path: Path) -> None:
        file = edited(tmp_path, ("penalty_rate_multiple: 1.3", "penalty_rate_multiple: 1.5"))
        result = respite("check", str(file))
        assert result.exit_code == 0
        assert f"{file}:{line_of(file, 'annual_rate: 18')}: products.cash_loan.annual_rate" in result.output

    @pytest.mark.usefixtures("store_url")
    def test_a_version_that_is_known_with_another_content_is_a_mistake(self, tmp_path: Path) -> None:
        with transaction() as session:
            versions.keep(session, policy(), desk.NOW)
        assert respite("check", "cn").exit_code == 0
        file = edited(tmp_path, ("quote_minutes: 30", "quote_minutes: 20"))
        result = respite("check", str(file))
        assert result.exit_code == 1
        assert (
            f"{file}:2: version: cn-2026-11 is known with another content: give the file a new version" in result.output
        )
        renamed = edited(tmp_path, ("quote_minutes: 30", "quote_minutes: 20"), ("version: cn-2026-11", "version: cn-2"))
        assert respite("check", str(renamed)).exit_code == 0

    @pytest.mark.usefixtures("bare_url")
    def test_it_needs_no_database_and_makes_none(self) -> None:
        assert respite("check", "cn").exit_code == 0
        assert not Path(make_url(settings().store_url).database or "").exists()

    def test_a_file_that_is_nowhere_is_said_in_words(self) -> None:
        result = respite("check", "nowhere.yml")
        assert result.exit_code == 1
        assert "There is no policy 'nowhere.yml'" in result.output


@pytest.fixture
def stricter(tmp_path: Path) -> str:
    return str(
        edited(
            tmp_path,
            ("version: cn-2026-11", "version: cn-2026-12"),
            ("[M0, M1, M2, M3], maximum_count: 36", "[M0, M1, M2], maximum_count: 36"),
        )
    )


@ON_SQLITE
@pytest.mark.usefixtures("demo_store_url")
class TestDiff:
    def test_it_counts_and_lists_whose_eligibility_changes(self, stricter: str) -> None:
        result = respite("diff", "cn", stricter, *TODAY)
        assert result.exit_code == 0
        assert "cn-2026-11 → cn-2026-12" in result.output
        assert "granted by agent" in result.output
        assert "authority.bot.restructuring.buckets" in result.output

    def test_no_name_and_no_phone_number_is_shown(self, stricter: str) -> None:
        output = (
            respite("diff", "cn", stricter, *TODAY).output + respite("diff", "cn", stricter, *TODAY, "--json").output
        )
        with transaction() as session:
            for borrower in session.scalars(select(Borrower)):
                assert borrower.phone not in output
                assert borrower.name not in output

    def test_as_json_every_change_is_there_with_its_counts(self, stricter: str) -> None:
        answer = json.loads(respite("diff", "cn", stricter, *TODAY, "--json").stdout)
        with transaction() as session:
            references = set(session.scalars(select(Loan.reference)))
        [count] = answer["counts"]
        assert count["plan"] == "restructuring"
        assert (count["before"], count["after"]) == (
            {"granted_by": "bot", "rule": None},
            {"granted_by": "agent", "rule": None},
        )
        assert set(answer["keys"]) == {"version", "authority.bot.restructuring.buckets"}
        assert count["loans"] == len(answer["changes"]) > 0
        assert {change["loan"] for change in answer["changes"]} <= references
        assert set(answer["changes"][0]) == {"borrower", "loan", "plan", "before", "after"}
        assert (answer["before"], answer["after"], answer["business_date"], answer["loans"]) == (
            "cn-2026-11",
            "cn-2026-12",
            desk.TODAY.isoformat(),
            len(references),
        )

    def test_the_same_policy_changes_nothing(self) -> None:
        result = respite("diff", "cn", "cn", *TODAY)
        assert result.exit_code == 0
        assert "Nobody's eligibility changes" in result.output

    def test_policies_of_two_currencies_are_not_compared(self) -> None:
        result = respite("diff", "cn", "us", *TODAY)
        assert result.exit_code == 1
        assert "one currency" in result.output

    def test_a_mistake_in_either_is_named(self, tmp_path: Path) -> None:
        file = edited(tmp_path, ("late_fee: 0", "late_fee: -1"))
        result = respite("diff", "cn", str(file), *TODAY)
        assert result.exit_code == 1
        assert "late_charges.late_fee: is -1" in result.output


@pytest.mark.usefixtures("bare_url")
def test_a_database_without_tables_is_said_in_words() -> None:
    result = respite("diff", "cn", "cn")
    assert result.exit_code == 1
    assert "respite migrate" in result.output

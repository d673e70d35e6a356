"""Every mistake in a policy file is named with its file, its line, its key and what to do."""

from decimal import Decimal
from pathlib import Path

import pytest

from respite.policies.cautions import cautions
from respite.policies.load import SHIPPED, PolicyError, load_policy, read_policy
from tests.unit.policies.files import edited, line_of


def refused(file: Path) -> PolicyError:
    with pytest.raises(PolicyError) as error:
        load_policy(str(file))
    return error.value


MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "a key with a typo": ("grace_days: 3", "gracedays: 3", "late_charges.gracedays", "did you mean grace_days?"),
    "a key of another section": ("quote_minutes: 30", "late_fee: 30", "late_fee", "belongs to another section"),
    "a key that means nothing": ("quote_minutes: 30", "motto: be fair", "motto", "remove it"),
    "an amount below nothing": ("late_fee: 0", "late_fee: -5", "late_charges.late_fee", "is -5; use 0 or more"),
    "an amount in words": ("late_fee: 0", "late_fee: none", "late_charges.late_fee", "is 'none'; use a number"),
    "a number without end": ("late_fee: 0", "late_fee: .inf", "late_charges.late_fee", "is inf; use a number"),
    "half a day": ("grace_days: 3", "grace_days: 3.5", "late_charges.grace_days", "is 3.5; use a whole number"),
    "more than sixty instalments": (
        "maximum_count: 36",
        "maximum_count: 72",
        "authority.bot.restructuring.maximum_count",
        "is 72; use 60 or less",
    ),
    "an unknown day count": ("actual/365", "actual/361", "day_count", "use '30/360'"),
    "a time that YAML takes for a number": (
        'support_hours: {en: "every day, 9:00 to 21:00"',
        "support_hours: {en: 9:00",
        "lender.support_hours.en",
        "in quotes",
    ),
    "an unknown country": ("country: CN", "country: XQ", "lender.country", "ISO 3166"),
    "a section that is a value": (
        "payoff:\n  fee_rate: 0\n  remaining_fees: waived",
        "payoff: free",
        "payoff",
        "put keys",
    ),
    "a list that is a value": ("[7, 14, 30]", "30", "deferral.offered_days", "write the values as [first, second]"),
    "a text in one language only": (
        "      zh: 逾期本金开始计收罚息\n",
        "",
        "consequences.1.text",
        "say it in zh too",
    ),
    "a text of blanks": (
        "      zh: 逾期本金开始计收罚息\n",
        "      zh: '  '\n",
        "consequences.1.text",
        "say it in zh too",
    ),
    "days of consequences that fall": ("- day: 15", "- day: 3", "consequences.2.day", "does not come after 4"),
    "two consequences on one day": ("- day: 15", "- day: 4", "consequences.2.day", "does not come after 4"),
    "a report that nobody is told of": (
        "credit_bureau_after: 30",
        "credit_bureau_after: 45",
        "credit_bureau_after",
        "use one of [1, 4, 15, 30, 90]",
    ),
    "days offered beyond the most": (
        "[7, 14, 30]",
        "[7, 31]",
        "deferral.offered_days",
        "[31], above authority.bot.deferral.maximum_days",
    ),
    "days offered twice": ("[7, 14, 30]", "[7, 7]", "deferral.offered_days", "the smallest first"),
    "counts offered beyond the most": (
        "[3, 6, 12, 18, 24]",
        "[12, 37]",
        "restructuring.offered_counts",
        "[37], above authority.bot.restructuring.maximum_count (36)",
    ),
    "a first due date that cannot be": (
        "latest_first_due: 45",
        "latest_first_due: 7",
        "restructuring.latest_first_due",
        "use first_due_after (14) or more",
    ),
    "a bucket that is none": (
        "buckets: [M0, M1]",
        "buckets: [M0, M9]",
        "authority.bot.deferral.buckets",
        "names ['M9'], which buckets does not define",
    ),
    "a role without authority": (
        "  supervisor:\n    plans_in_12_months: 4\n",
        "  boss:\n    plans_in_12_months: 4\n",
        "authority.boss",
        "use 'bot', 'agent' or 'supervisor'",
    ),
    "an agent who may grant less than the bot": (
        "maximum_days: 45",
        "maximum_days: 20",
        "authority.agent.deferral.maximum_days",
        "grants less than bot may (30); use that or more",
    ),
    "an agent who may help fewer than the bot": (
        "buckets: [M0, M1, M2], maximum_days",
        "buckets: [M0], maximum_days",
        "authority.agent.deferral.buckets",
        "grants less than bot may ([M0, M1])",
    ),
    "more than all of the penalty": (
        "penalty_waiver: 100",
        "penalty_waiver: 101",
        "authority.supervisor.restructuring.penalty_waiver",
        "is 101; use 100 or less",
    ),
    "a plan that is none": (
        "annual_rate: 9.6\n    plans: [deferral, restructuring]",
        "annual_rate: 9.6\n    plans: [deferal]",
        "products.study_loan.plans.0",
        "is 'deferal'; use 'deferral' or 'restructuring'",
    ),
    "a reminder that is none": (
        "{day: 0, message: due_today}",
        "{day: 0, message: due_now}",
        "cadence.1.message",
        "use 'due_soon', 'due_today', 'overdue' or 'offer_of_help'",
    ),
    "a reminder that does not fit its day": (
        "{day: -3, message: due_soon}",
        "{day: -3, message: overdue}",
        "cadence.0.message",
        "is overdue; on day -3 use due_soon",
    ),
    "two reminders on one day": (
        "{day: 15, message: offer_of_help}",
        "{day: 4, message: offer_of_help}",
        "cadence.4.day",
        "does not come after 4",
    ),
    "quiet hours that YAML takes for numbers": (
        'quiet_hours: {begin: "22:00"',
        "quiet_hours: {begin: 22:00",
        "contact.quiet_hours.begin",
        "is 1320; write the time in quotes",
    ),
    "quiet hours at no time of day": (
        'quiet_hours: {begin: "22:00"',
        'quiet_hours: {begin: "25:00"',
        "contact.quiet_hours.begin",
        "is '25:00'; use a time of day such as \"21:00\"",
    ),
    "a contact rule with a typo": (
        "attempts_a_day: 6",
        "attempts_per_day: 6",
        "contact.attempts_per_day",
        "did you mean attempts_a_day?",
    ),
    "no attempt at all": ("attempts_a_day: 6", "attempts_a_day: 0", "contact.attempts_a_day", "use 1 or more"),
    "a key twice": ("quote_minutes: 30", "quote_minutes: 30\nversion: cn-2", "version", "stands on line 2 already"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_has_a_line_a_key_and_a_remedy(tmp_path: Path, mistake: str) -> None:
    right, wrong, field, remedy = MISTAKES[mistake]
    file = edited(tmp_path, (right, wrong))
    found = [each for each in refused(file).mistakes if each.field == field]
    assert [each.file for each in found] == [file]
    assert remedy in found[0].problem
    assert str(found[0]).startswith(f"{file}:{found[0].line}: {field}: ")


@pytest.mark.parametrize(
    ("right", "wrong", "line_with"),
    [
        ("grace_days: 3", "gracedays: 3", "gracedays"),
        ("late_fee: 0", "late_fee: -5", "late_fee"),
        ("- day: 15", "- day: 3", "day: 3"),
        ("[7, 14, 30]", "[7, 45]", "offered_days"),
        ("buckets: [M0, M1],", "buckets: [M0, M9],", "[M0, M9]"),
        ("      zh: 逾期本金开始计收罚息\n", "", "text:"),
        ("quote_minutes: 30", "quote_minutes: 30\nversion: cn-2", "version: cn-2"),
    ],
)
def test_the_line_is_the_one_to_change(tmp_path: Path, right: str, wrong: str, line_with: str) -> None:
    file = edited(tmp_path, (right, wrong))
    mistake = refused(file).mistakes[-1]
    assert line_with in file.read_text(encoding="utf-8").splitlines()[mistake.line - 1]


def test_of_a_key_that_stands_twice_the_later_value_counts(tmp_path: Path) -> None:
    file = edited(tmp_path, ("late_fee: 0", "late_fee: 0\n  late_fee: -1"))
    [of_value] = [each for each in refused(file).mistakes if "use 0 or more" in each.problem]
    assert of_value.line == line_of(file, "late_fee: -1")


def test_a_missing_key_is_named_at_its_section(tmp_path: Path) -> None:
    file = edited(tmp_path, ("  grace_days: 3\n", ""))
    [mistake] = refused(file).mistakes
    assert (mistake.field, mistake.line) == ("late_charges.grace_days", line_of(file, "late_charges:"))
    assert mistake.problem == "is missing; add it to this section"


def test_all_mistakes_are_named_from_the_top_down(tmp_path: Path) -> None:
    file = edited(tmp_path, ("late_fee: 0", "late_fee: -1"), ("- day: 15", "- day: 3"), ("[7, 14, 30]", "[14, 7]"))
    error = refused(file)
    assert [each.field for each in error.mistakes] == [
        "late_charges.late_fee",
        "consequences.2.day",
        "deferral.offered_days",
    ]
    assert str(error).splitlines() == [f"{file} cannot be used.", *map(str, error.mistakes)]


@pytest.mark.parametrize(
    ("content", "line"),
    [("", 1), ("just words", 1), ("- a\n- list", 1), ("version: 1\nlender: [", 2), ("a: 1\n\tb: 2", 2)],
)
def test_a_file_that_is_no_policy_has_a_line_too(tmp_path: Path, content: str, line: int) -> None:
    file = tmp_path / "lender.yml"
    file.write_text(content, encoding="utf-8")
    first, *_ = refused(file).mistakes
    assert (first.file, first.line) == (file, line)


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "lender.yml"
    file.write_text((SHIPPED / "cn.yml").read_text(encoding="utf-8"), encoding="gb18030")
    assert "not in UTF-8" in str(refused(file))


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    assert "cannot be read" in str(refused(tmp_path))


def test_a_finding_can_be_placed_in_a_policy_that_is_right() -> None:
    file = read_policy("cn")
    finding = file.finding(("products", "cash_loan", "annual_rate"), "remark")
    assert "annual_rate: 18" in file.path.read_text(encoding="utf-8").splitlines()[finding.line - 1]


class TestCautions:
    def test_a_penalty_rate_above_the_cap_is_said_with_the_multiple_that_fits(self, tmp_path: Path) -> None:
        file = edited(tmp_path, ("penalty_rate_multiple: 1.3", "penalty_rate_multiple: 1.5"))
        [(field, remark)] = cautions(load_policy(str(file)))
        assert field == ("products", "cash_loan", "annual_rate")
        assert "27 %" in remark
        assert "24 %" in remark
        assert "penalty_rate_multiple of 1.33" in remark

    @pytest.mark.parametrize(("multiple", "said"), [("1.33", 0), ("1.34", 1)])
    def test_the_multiple_that_is_named_is_the_largest_that_fits(
        self, tmp_path: Path, multiple: str, said: int
    ) -> None:
        file = edited(tmp_path, ("penalty_rate_multiple: 1.3", f"penalty_rate_multiple: {multiple}"))
        assert len(list(cautions(load_policy(str(file))))) == said

    def test_a_contract_rate_above_the_cap_leaves_no_room_for_plans(self, tmp_path: Path) -> None:
        file = edited(
            tmp_path, ("all_in_cap_annual_rate: 24", "all_in_cap_annual_rate: 18"), ("multiple: 1.3", "multiple: 0")
        )
        assert list(cautions(load_policy(str(file)))) == []
        file = edited(
            tmp_path, ("all_in_cap_annual_rate: 24", "all_in_cap_annual_rate: 17"), ("multiple: 1.3", "multiple: 0")
        )
        [(field, remark)] = cautions(load_policy(str(file)))
        assert field == ("products", "cash_loan", "annual_rate")
        assert "no plan is offered" in remark

    def test_a_late_fee_under_a_cap_of_nothing_is_never_charged(self) -> None:
        kind = load_policy("uk")
        charges = kind.late_charges.model_copy(update={"late_fee": Decimal(12), "all_in_cap_annual_rate": Decimal(0)})
        fields = [field for field, _ in cautions(kind.model_copy(update={"late_charges": charges}))]
        assert ("late_charges", "late_fee") in fields

    @pytest.mark.parametrize("name", ["cn", "uk", "us"])
    def test_the_policies_that_ship_stay_within_their_caps(self, name: str) -> None:
        assert list(cautions(load_policy(name))) == []

"""`respite report`: figures on the terminal and in a file, and clear words where there are none."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from respite.cli import app

runner = CliRunner()


def respite(*arguments: str, exit_code: int = 0) -> str:
    result = runner.invoke(app, ["report", *arguments], env={"RESPITE_BUSINESS_DATE": "2026-11-22", "COLUMNS": "160"})
    assert result.exit_code == exit_code, result.output
    return result.output


@pytest.fixture(autouse=True)
def on_the_day_of_the_loan_book(demo_store_url: str, own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_BUSINESS_DATE", "2026-11-22")


def test_default_rates_of_two_periods_come_with_their_intervals() -> None:
    output = respite("defaults", "--from", "2026-08-01", "--before-from", "2026-01-01", "--before-to", "2026-06-30")

    assert "before" in output
    assert "2026-01-01  2026-06-30" in output
    assert "2026-08-01  2026-11-22" in output
    assert "difference" in output


def test_without_a_name_every_report_is_printed() -> None:
    output = respite()

    assert all(name in output for name in ("queue, now", "service,", "plans,", "delinquency,", "roll-rates,"))


def test_a_period_in_which_nothing_happened_is_said() -> None:
    assert "nothing to count" in respite("service", "--from", "2000-01-01", "--to", "2000-01-31")


def test_a_file_has_the_figures_of_the_report(tmp_path: Path) -> None:
    file = tmp_path / "buckets.csv"
    respite("delinquency", "--from", "2026-11-16", "--csv", str(file))

    rows = list(csv.DictReader(file.open()))
    assert [row["on"] for row in rows] == [f"2026-11-{day}" for day in range(16, 23)]
    assert sum(int(row["open"]) for row in rows) > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--csv", "all.csv"], "one report"),
        (["service", "--from", "2026-11-02", "--to", "2026-11-01"], "earlier day first"),
        (["service", "--to", "2026-11-23"], "still to come"),
        (["defaults", "--before-from", "2026-11-02", "--before-to", "2026-11-01"], "earlier day first"),
        (["service", "--csv", "/no/such/folder/file.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_said(arguments: list[str], sentence: str) -> None:
    assert sentence in respite(*arguments, exit_code=1).replace("\n", " ")


def test_an_unknown_report_is_named_with_those_there_are() -> None:
    output = respite("profit", exit_code=2)

    assert "roll-rates" in output

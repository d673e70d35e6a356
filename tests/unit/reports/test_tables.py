"""Every report as a table and as a file, with the same figures."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from respite.policies.load import policy
from respite.reports.periods import Period
from respite.reports.tables import REPORTS, Question, ReportName, Table, write_csv
from tests.unit.reports.conftest import NOW, TODAY, Ask

ASKED = Question(Period.ending(TODAY, 30), Period.ending(TODAY, 30).before(), TODAY, NOW)
LONG_AGO = Period(date(2000, 1, 1), date(2000, 1, 31))


@pytest.mark.parametrize("name", ReportName)
def test_each_row_of_a_report_fits_its_columns(seeded: Session, name: ReportName) -> None:
    table = REPORTS[name](seeded, policy(), ASKED)

    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize("name", ReportName)
def test_a_period_in_which_nothing_happened_is_no_error(session: Session, name: ReportName) -> None:
    table = REPORTS[name](session, policy(), Question(LONG_AGO, LONG_AGO.before(), TODAY, NOW))

    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_the_days_of_the_service_add_up_to_the_total(session: Session, ask: Ask) -> None:
    for days in (3, 3, 5):
        ask(NOW - timedelta(days=days), taken=1, closed=9)
    *days, total = REPORTS[ReportName.SERVICE](session, policy(), ASKED).rows

    assert len(days) == 30
    assert total[0] == "total"
    assert total[1] == sum(day[1] for day in days if isinstance(day[1], int)) == 3


def test_a_file_has_seconds_parts_of_one_and_empty_cells() -> None:
    table = Table(("on", "wait", "share", "rating"), ((date(2026, 11, 22), timedelta(minutes=2), 1 / 3, None),))
    file = io.StringIO()
    write_csv(table, file)

    assert list(csv.DictReader(io.StringIO(file.getvalue()))) == [
        {"on": "2026-11-22", "wait": "120", "share": "0.333333", "rating": ""}
    ]

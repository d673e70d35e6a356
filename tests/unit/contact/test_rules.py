"""Conduct: when a borrower may be contacted about a debt, and from when on again."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from respite.contact.rules import Attempt, Wishes, next_moment, not_now
from respite.policies.conduct import ContactPolicy, Hours
from respite.policies.load import load_policy

CN, US, UK = (load_policy(name).contact for name in ("cn", "us", "uk"))
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NUMBER, LOAN = "+8613800000001", "L-1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def noon(zone: ZoneInfo = SHANGHAI, **clock: int) -> datetime:
    return datetime(2026, 11, 23, 12, tzinfo=zone).replace(**clock)


def rule(rules: ContactPolicy, at: datetime, *history: Attempt, loan: str = LOAN, **wishes: object) -> str | None:
    """The rule that forbids contact at a moment."""
    known = Wishes(**({"timezone": at.tzinfo} | wishes))  # type: ignore[arg-type]
    found = not_now(rules, known, history, at=at, address=NUMBER, loan=loan)
    return found and found.rule


def again(rules: ContactPolicy, at: datetime, *history: Attempt, **wishes: object) -> datetime | None:
    known = Wishes(**({"timezone": at.tzinfo} | wishes))  # type: ignore[arg-type]
    return next_moment(rules, known, history, at=at, address=NUMBER, loan=LOAN)


def attempts(count: int, before: datetime, every: timedelta = HOUR, **kind: object) -> list[Attempt]:
    attempt = {"address": NUMBER, "loan": LOAN} | kind
    return [Attempt(at=before - (place + 1) * every, **attempt) for place in range(count)]  # type: ignore[arg-type]


class TestQuietHours:
    @pytest.mark.parametrize(
        ("rules", "zone", "last", "first"),
        [(CN, SHANGHAI, time(21, 59), time(8)), (US, NEW_YORK, time(20, 59), time(8))],
    )
    def test_nobody_is_contacted_at_night(self, rules: ContactPolicy, zone: ZoneInfo, last: time, first: time) -> None:
        evening = datetime.combine(noon().date(), last, zone)
        assert rule(rules, evening) is None
        assert rule(rules, evening + timedelta(minutes=1)) == "quiet_hours"
        morning = datetime.combine(noon().date() + DAY, first, zone)
        assert rule(rules, morning - timedelta(minutes=1)) == "quiet_hours"
        assert again(rules, evening + timedelta(minutes=1)) == morning
        assert again(rules, morning - 5 * HOUR) == morning

    def test_it_is_the_borrowers_night_and_not_the_lenders(self) -> None:
        noon_in_new_york = noon(NEW_YORK)
        assert rule(CN, noon_in_new_york) is None
        assert rule(CN, noon_in_new_york.astimezone(UTC), timezone=SHANGHAI) == "quiet_hours"

    def test_whoever_agreed_to_it_may_be_contacted_at_night(self) -> None:
        assert rule(CN, noon(hour=23), accepts_quiet_hours=True) is None

    def test_a_time_that_the_borrower_called_inconvenient_is_left_free(self) -> None:
        at_work = (Hours(begin=time(9), end=time(17)),)
        assert rule(CN, noon(), inconvenient=at_work) == "inconvenient_time"
        assert again(CN, noon(), inconvenient=at_work) == noon(hour=17)
        assert rule(CN, noon(hour=18), inconvenient=at_work) is None


class TestHowOften:
    def test_so_many_conversations_a_day_over_all_channels_and_no_more(self) -> None:
        spoken = [
            Attempt(noon() - each * HOUR, address=channel, loan="L-2", connected=True)
            for each, channel in enumerate(("telegram", "web", "phone"), start=1)
        ]
        assert rule(CN, noon(), *spoken[:2]) is None
        assert rule(CN, noon(), *spoken) == "contacts_a_day"
        assert again(CN, noon(), *spoken) == noon(hour=8) + DAY

    def test_so_many_attempts_a_day_at_one_address_and_no_more(self) -> None:
        tried = attempts(6, noon(hour=16))
        assert rule(CN, noon(hour=16), *tried[:5]) is None
        assert rule(CN, noon(hour=16), *tried) == "attempts_a_day"
        assert rule(CN, noon(hour=16), *attempts(6, noon(hour=16), address="web")) is None
        assert rule(CN, noon(hour=16) + DAY, *tried) is None

    def test_the_us_allows_seven_attempts_in_seven_days_for_each_debt(self) -> None:
        at = noon(NEW_YORK)
        tried = attempts(7, at, every=timedelta(hours=20))
        assert rule(US, at, *tried[1:]) is None
        assert rule(US, at, *tried) == "attempts_in_7_days"
        assert again(US, at, *tried) == tried[-1].at + timedelta(days=7)
        assert rule(US, at, *tried, loan="L-2") is None

    def test_the_us_allows_none_within_seven_days_after_a_conversation(self) -> None:
        at = noon(NEW_YORK)
        [spoken] = attempts(1, at, every=DAY, connected=True)
        assert rule(US, at, spoken) == "conversation"
        assert again(US, at, spoken) == spoken.at + timedelta(days=7)
        assert rule(US, spoken.at + timedelta(days=7), spoken) is None
        assert rule(US, at, spoken, loan="L-2") is None
        assert rule(CN, noon(), *attempts(1, noon(), every=DAY, connected=True)) is None

    def test_what_is_still_to_come_counts_for_nothing(self) -> None:
        later = [Attempt(noon() + each * HOUR, NUMBER, LOAN, connected=True) for each in range(1, 9)]
        assert rule(CN, noon(), *later) is None


class TestPeace:
    @pytest.mark.parametrize("reason", ["opted_out", "dispute", "complaint", "hardship", "distress", "lawyer"])
    @pytest.mark.parametrize("rules", [CN, US, UK])
    def test_a_borrower_with_a_reason_is_left_in_peace_until_it_is_lifted(
        self, rules: ContactPolicy, reason: str
    ) -> None:
        assert rule(rules, noon(), pauses=frozenset({reason})) == "paused"
        assert again(rules, noon(), pauses=frozenset({reason})) is None

    def test_nobody_collects_while_a_plan_is_kept(self) -> None:
        assert rule(CN, noon(), keeps_to_plan=True) == "plan"
        assert again(CN, noon(), keeps_to_plan=True) is None


def test_the_next_moment_breaks_no_rule() -> None:
    at = noon(hour=23)
    history = [*attempts(6, at), *attempts(3, at, connected=True)]
    wishes = Wishes(SHANGHAI, inconvenient=(Hours(begin=time(7), end=time(10)),))
    moment = next_moment(CN, wishes, history, at=at, address=NUMBER, loan=LOAN)
    assert moment == noon(hour=10) + DAY
    assert not_now(CN, wishes, history, at=moment, address=NUMBER, loan=LOAN) is None

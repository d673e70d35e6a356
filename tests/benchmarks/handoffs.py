"""How long staff wait for a claim and for a message to be kept, with a long queue and many at work.

`python -m tests.benchmarks.handoffs --waiting 2000 --staff 200` fills a store of its own, on SQLite in a temporary
folder or at `--database-url`, and has `--at-once` members of staff claim and write at the same time. Prints the median
and the 95th percentile of each step in milliseconds, and how long one look at the queue, one round of tending it and
one look whether a file has changed take.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median, quantiles
from uuid import uuid4

from respite.clock import utc_now
from respite.policies.load import load_policy
from respite.staff.accounts import Profile, add
from respite.staff.roles import StaffRole
from respite.store import migrations
from respite.store.models import StaffMember
from respite.store.session import reading, store, transaction
from respite.support.borrower_file import version_of
from respite.support.circumstances import Circumstances
from respite.support.conversations import open_conversation
from respite.support.handoffs import request_handoff
from respite.support.open_requests import open_requests
from respite.support.presence import stay_present
from respite.support.staff_messages import send
from respite.support.takeover import claim
from respite.support.tending import tend_queue

POLICY = load_policy("cn")
CAPACITY = 50


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"RESPITE_HOME": home}
        if options.database_url:
            os.environ["RESPITE_DATABASE_URL"] = options.database_url
        migrations.upgrade(store().kw["bind"])
        now = utc_now()
        staff, waiting = _hire(options.staff, now), _queue(options.waiting, now)
        tell("one look at the queue", [timed(lambda: _look(now)) for _ in range(10)])
        tell("one round of tending", [timed(lambda: _tend(now)) for _ in range(3)])
        with ThreadPoolExecutor(options.at_once) as threads:
            work = [(staff[number % len(staff)], chat) for number, chat in enumerate(waiting[: options.claims])]
            tell("a claim", list(threads.map(lambda job: timed(lambda: _claim(*job, now)), work)))
            tell("a message", list(threads.map(lambda job: timed(lambda: _write(*job, now)), work)))
        tell("has the file changed", [timed(lambda: _version(waiting[0], now)) for _ in range(100)])


def tell(what: str, seconds: Sequence[float]) -> None:
    p95 = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    print(f"{what:24} median {median(seconds) * 1000:8.1f} ms   p95 {p95 * 1000:8.1f} ms")


def timed(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _hire(count: int, now: datetime) -> list[StaffMember]:
    with transaction() as session:
        staff = [
            add(
                session,
                f"agent-{number}",
                Profile(f"Agent {number}", StaffRole.AGENT, capacity=CAPACITY),
                "system",
                now,
            )
            for number in range(count)
        ]
        for member in staff[:1]:
            stay_present(session, member, now)
        return staff


def _queue(count: int, now: datetime) -> list[str]:
    with transaction() as session:
        chats = [open_conversation(session, "web", uuid4().hex, "zh-Hans", now).id for _ in range(count)]
        for chat in chats:
            request_handoff(session, chat, "complaint", now, policy=POLICY)
        return chats


def _look(now: datetime) -> None:
    with reading() as session:
        open_requests(session, now)


def _tend(now: datetime) -> None:
    with transaction() as session:
        tend_queue(session, POLICY, now)


def _claim(by: StaffMember, chat: str, now: datetime) -> None:
    with transaction() as session:
        claim(session, chat, by, now)


def _write(by: StaffMember, chat: str, now: datetime) -> None:
    with transaction() as session:
        send(session, chat, by, "您好，请稍等。", client_id="first", now=now)


def _version(chat: str, now: datetime) -> None:
    with reading() as session:
        version_of(session, chat, Circumstances(POLICY, now.date(), now))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=2000)
    parser.add_argument("--staff", type=int, default=200)
    parser.add_argument("--claims", type=int, default=600)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--database-url")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""`respite demo`: what `make demo` runs once both environments are there."""

from respite.cli import demonstration
from respite.cli.rasa import train
from respite.cli.store import migrate, seed
from respite.cli.up import up
from respite.clock import utc_now
from respite.policies.load import policy
from respite.staff.demo import add_demo_staff
from respite.staff.demo_history import add_demo_history
from respite.staff.demo_queue import add_demo_queue
from respite.store.session import transaction
from respite.support.circumstances import Circumstances


def demo() -> None:
    """Show the bot: train it if needed, invent a loan book and staff if there are none, start it and introduce them.

    Some invented borrowers wait for a person, so that there is somebody to take over.
    """
    train()
    migrate()
    seed()
    with transaction() as session:
        add_demo_staff(session, utc_now())
        add_demo_history(session, policy(), utc_now())
        add_demo_queue(session, Circumstances(policy(), demonstration.business_date(session), utc_now()))
    up(demo=True)

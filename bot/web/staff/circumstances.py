"""When, under which rules and by whose books a member acts now."""

from bot.web.staff.console import console
from respite.loan_books.load import loan_book
from respite.policies.load import policy
from respite.support.circumstances import Circumstances


def circumstances() -> Circumstances:
    clock = console().clock
    return Circumstances(policy(), clock.business_date(), clock.now(), loan_book())

"""Exporting what the store holds, as tables whose columns stay in their order; borrowers are named by reference."""

from respite.store.exporting.delinquency import delinquency
from respite.store.exporting.ledger import ledger
from respite.store.exporting.payments import payments
from respite.store.exporting.plans import plans
from respite.store.exporting.schedules import schedules
from respite.store.exporting.tables import ENDINGS, Table, export

__all__ = ["ENDINGS", "Table", "delinquency", "export", "ledger", "payments", "plans", "schedules"]

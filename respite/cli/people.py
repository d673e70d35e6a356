"""Borrowers, as commands name them."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.cli.console import give_up
from respite.store.models import Borrower

BorrowerReference = Annotated[str, typer.Argument(metavar="BORROWER", help="The borrower's reference.")]


def find_borrower(session: Session, reference: str) -> Borrower:
    """The borrower of this reference; the command ends with a sentence where there is none."""
    borrower = session.scalars(select(Borrower).where(Borrower.reference == reference)).one_or_none()
    if borrower is None:
        give_up(f"There is no borrower {reference}.")
    return borrower

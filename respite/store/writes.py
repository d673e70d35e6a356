"""Whether a session has written anything."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

_WROTE = "wrote"


def has_written(session: Session) -> bool:
    """Whether there is anything to commit; what waits in the session is sent to the database first."""
    session.flush()
    return _WROTE in session.info


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _: Any) -> None:
    session.info[_WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info[_WROTE] = True

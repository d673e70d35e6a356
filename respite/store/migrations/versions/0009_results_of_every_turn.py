"""Results are kept for every turn that wrote something, no longer for the latest one of a conversation alone."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ALL_BUT_THE_LATEST = (
    "DELETE FROM turn_results WHERE EXISTS (SELECT 1 FROM turn_results AS later"
    " WHERE later.conversation_id = turn_results.conversation_id"
    " AND CAST(later.turn_id AS NUMERIC) > CAST(turn_results.turn_id AS NUMERIC))"
)


def upgrade() -> None:
    _identify_by("turn_id")
    op.create_index("ix_turn_results_conversation_id", "turn_results", ["conversation_id"])


def downgrade() -> None:
    op.execute(ALL_BUT_THE_LATEST)
    op.drop_index("ix_turn_results_conversation_id", "turn_results")
    _identify_by("conversation_id")


def _identify_by(column: str) -> None:
    with op.batch_alter_table("turn_results") as table:
        table.drop_constraint("pk_turn_results", type_="primary")
        table.create_primary_key("pk_turn_results", [column])

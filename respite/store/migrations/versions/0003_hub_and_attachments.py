"""Who answers and sends, what became of it, what was done in a turn, and files."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_attachments_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"], unique=False)
    op.create_table(
        "turn_results",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("turn_id", sa.String(length=60), nullable=False),
        sa.Column("results", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_turn_results_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_turn_results")),
    )
    op.add_column("conversations", sa.Column("address", sa.LargeBinary(), nullable=True))
    op.add_column("conversations", sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("claimed_by", sa.String(length=32), nullable=True))
    op.add_column("conversations", sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("read_up_to", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("shown_after", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("error", sa.String(length=200), nullable=True))
    op.add_column("inbox", sa.Column("is_borrowers_own", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("claimed_by", sa.String(length=32), nullable=True))
    op.add_column("outbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("external_id", sa.String(length=60), nullable=True))
    op.add_column("outbox", sa.Column("error", sa.String(length=200), nullable=True))


def downgrade() -> None:
    for column in ("error", "external_id", "not_before", "attempts", "claimed_by"):
        op.drop_column("outbox", column)
    for column in ("is_borrowers_own", "error", "attempts"):
        op.drop_column("inbox", column)
    for column in ("shown_after", "read_up_to", "last_active_at", "claimed_by", "blocked_at", "address"):
        op.drop_column("conversations", column)
    op.drop_table("turn_results")
    op.drop_index(op.f("ix_attachments_conversation_id"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_table("processes")

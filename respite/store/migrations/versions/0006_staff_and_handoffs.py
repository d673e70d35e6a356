"""Handoffs from the wish to the last word, and what staff keep: notes, replies, approvals, flags, deadlines."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEVER = "1970-01-01 00:00:00"
OPEN = sa.text("state <> 'closed'")


def added() -> dict[str, list[sa.Column[Any]]]:
    """The new columns of each table that there was."""
    return {
        "handoffs": [
            sa.Column("requested_by", sa.String(length=60), nullable=False, server_default="bot"),
            sa.Column("priority", sa.String(length=8), nullable=False, server_default="normal"),
            sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, server_default=NEVER),
            sa.Column("language", sa.String(length=10), nullable=False, server_default="en"),
            sa.Column("skill", sa.String(length=40), nullable=True),
            sa.Column("wanted_staff_id", sa.Integer(), nullable=True),
            sa.Column("staff_id", sa.Integer(), nullable=True),
            sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("first_taken_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("read_up_to", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("callback_offered_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("callback_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("outcome", sa.String(length=12), nullable=True),
            sa.Column("wrap_up", sa.String(length=40), nullable=True),
            sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("rating", sa.Integer(), nullable=True),
            sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        ],
        "support_cases": [
            sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False, server_default=NEVER),
            sa.Column("staff_id", sa.Integer(), nullable=True),
            sa.Column("answer", sa.LargeBinary(), nullable=True),
            sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        ],
        "outbox": [
            sa.Column("client_id", sa.String(length=60), nullable=True),
            sa.Column("original", sa.LargeBinary(), nullable=True),
        ],
    }


def upgrade() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE handoffs SET due_at = requested_at")
    op.execute("UPDATE support_cases SET answer_by = opened_at")
    op.create_index(op.f("ix_handoffs_staff_id"), "handoffs", ["staff_id"], unique=False)
    op.create_index(op.f("ix_handoffs_first_taken_at"), "handoffs", ["first_taken_at"], unique=False)
    op.create_index("ix_handoffs_state_due_at", "handoffs", ["state", "due_at"], unique=False)
    op.create_index(
        "uq_handoffs_open_conversation_id",
        "handoffs",
        ["conversation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("uq_outbox_conversation_id_client_id", "outbox", ["conversation_id", "client_id"], unique=True)
    op.create_table(
        "staff_presence",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("takes_conversations", sa.Boolean(), nullable=False),
        sa.Column("last_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_presence")),
    )
    op.create_table(
        "staff_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_staff_notes_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notes")),
    )
    op.create_index(op.f("ix_staff_notes_conversation_id"), "staff_notes", ["conversation_id"], unique=False)
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("name", "language", name=op.f("uq_canned_replies_name_language")),
    )
    op.create_table(
        "plan_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("needs", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_reason", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.LargeBinary(), nullable=True),
        sa.Column("quote_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_plan_approvals_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_plan_approvals_quote_id_quotes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_approvals")),
    )
    op.create_index(op.f("ix_plan_approvals_conversation_id"), "plan_approvals", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_plan_approvals_state"), "plan_approvals", ["state"], unique=False)
    op.create_table(
        "vulnerability_flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("raised_by", sa.String(length=60), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.id"], name=op.f("fk_vulnerability_flags_borrower_id_borrowers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vulnerability_flags")),
    )
    op.create_index(op.f("ix_vulnerability_flags_borrower_id"), "vulnerability_flags", ["borrower_id"], unique=False)


def downgrade() -> None:
    for table in ("vulnerability_flags", "plan_approvals", "canned_replies", "staff_notes", "staff_presence"):
        op.drop_table(table)
    op.drop_index("uq_outbox_conversation_id_client_id", table_name="outbox")
    for index in ("staff_id", "first_taken_at", "state_due_at"):
        op.drop_index(f"ix_handoffs_{index}", table_name="handoffs")
    op.drop_index("uq_handoffs_open_conversation_id", table_name="handoffs")
    for table, columns in added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)

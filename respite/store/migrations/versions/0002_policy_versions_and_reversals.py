"""Policies kept by version, payments that are taken back, loans of another core banking system."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_versions")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("address_index", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_sign_in_attempts_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    for column in ("conversation_id", "number_index", "address_index"):
        op.create_index(op.f(f"ix_sign_in_attempts_{column}"), "sign_in_attempts", [column], unique=False)
    op.create_table(
        "used_tokens",
        sa.Column("token_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_used_tokens")),
    )
    op.add_column("verifications", sa.Column("number_index", sa.String(length=64), nullable=True))
    op.add_column("verifications", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payments", sa.Column("reversed_on", sa.Date(), nullable=True))
    op.add_column("payments", sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("loans", sa.Column("external_id", sa.String(length=60), nullable=True))
    op.create_index(op.f("ix_loans_external_id"), "loans", ["external_id"], unique=True)
    op.add_column("plans", sa.Column("external_id", sa.String(length=60), nullable=True))
    op.add_column("quotes", sa.Column("authority", sa.String(length=20), nullable=False, server_default="bot"))
    op.add_column("conversations", sa.Column("requested_language", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "requested_language")
    op.drop_column("quotes", "authority")
    op.drop_column("plans", "external_id")
    op.drop_index(op.f("ix_loans_external_id"), table_name="loans")
    op.drop_column("loans", "external_id")
    op.drop_column("payments", "reversed_at")
    op.drop_column("payments", "reversed_on")
    op.drop_column("verifications", "locked_until")
    op.drop_column("verifications", "number_index")
    op.drop_table("used_tokens")
    op.drop_table("sign_in_attempts")
    op.drop_table("policy_versions")

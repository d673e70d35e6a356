"""Fresh codes before what matters, and what risk control decided."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "risk_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_risk_decisions_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.id"], name=op.f("fk_risk_decisions_borrower_id_borrowers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_decisions")),
    )
    for column in ("conversation_id", "borrower_id"):
        op.create_index(op.f(f"ix_risk_decisions_{column}"), "risk_decisions", [column], unique=False)
    op.add_column("verifications", sa.Column("purpose", sa.String(length=20), nullable=False, server_default="sign_in"))
    op.add_column("verifications", sa.Column("new_phone", sa.LargeBinary(), nullable=True))
    op.add_column("verifications", sa.Column("code_accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("verifications", sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("sign_in_attempts") as table:
        table.add_column(sa.Column("borrower_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_sign_in_attempts_borrower_id_borrowers"), "borrowers", ["borrower_id"], ["id"]
        )
        table.create_index(op.f("ix_sign_in_attempts_borrower_id"), ["borrower_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in_attempts") as table:
        table.drop_index(op.f("ix_sign_in_attempts_borrower_id"))
        table.drop_constraint(op.f("fk_sign_in_attempts_borrower_id_borrowers"), type_="foreignkey")
        table.drop_column("borrower_id")
    for column in ("stepped_up_at", "code_accepted_at", "new_phone", "purpose"):
        op.drop_column("verifications", column)
    op.drop_index(op.f("ix_risk_decisions_borrower_id"), table_name="risk_decisions")
    op.drop_index(op.f("ix_risk_decisions_conversation_id"), table_name="risk_decisions")
    op.drop_table("risk_decisions")

"""Links that bring a borrower to Telegram, used once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_link_tokens_borrower_id_borrowers")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link_tokens")),
    )
    op.create_index(op.f("ix_link_tokens_borrower_id"), "link_tokens", ["borrower_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_link_tokens_borrower_id"), table_name="link_tokens")
    op.drop_table("link_tokens")

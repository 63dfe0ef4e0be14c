"""How near shoppers are to buying, and by which signs that and their mood were read: kept at a glance."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; conversations from before begin as if nothing was read, until something is said in them."""
    op.add_column("conversations", sa.Column("stage", sa.Text, nullable=False, server_default="discovery"))
    op.add_column("conversations", sa.Column("signs", sa.Text, nullable=False, server_default="[]"))

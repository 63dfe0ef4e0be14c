"""Runs migrations on the connection, and inside the transaction, that `bot.database` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()

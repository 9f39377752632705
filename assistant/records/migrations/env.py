"""Run by Alembic: migrates over the connection, and inside the transaction, that it is handed."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()

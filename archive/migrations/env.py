"""Alembic's way in: it runs on the connection that `base.db` hands it."""

from alembic import context

from archive import records

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=records.METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Alembic's way in: runs over the connection that record.database hands it, and opens none of its own."""

from __future__ import annotations

from alembic import context

from guardrail.record.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

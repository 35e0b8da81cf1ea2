"""How alembic reaches the database; called by `ckan db upgrade -p satudatapaser`."""

from __future__ import annotations

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

config = context.config
engine = engine_from_config(
    config.get_section(config.config_ini_section) or {}, prefix="sqlalchemy.", poolclass=pool.NullPool
)
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, version_table="satudatapaser_alembic_version"
    )
    with context.begin_transaction():
        context.run_migrations()

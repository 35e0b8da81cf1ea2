"""Runs whose process died: marked running, but nobody holds their lease."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.errors import GuardStop
from ckanext.satudatapaser.intake import ledger
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import HarvestJob, HarvestSource, PushRun, PushTarget
from ckanext.satudatapaser.province.ledger import close_dead_runs


def close_dead_harvests() -> list[str]:
    """Close harvests that died; return the names of their sources, those of mere dry runs left out."""
    query = (
        sa.select(HarvestSource.id, HarvestSource.name, sa.func.bool_and(HarvestJob.dry_run))
        .join(HarvestJob, HarvestJob.source_id == HarvestSource.id)
        .where(HarvestJob.state == "running")
        .group_by(HarvestSource.id, HarvestSource.name)
    )
    closed = []
    for id, name, dry in model.Session.execute(query).all():
        try:
            with lease(f"source {id}"):
                ledger.close_dead_jobs(id)
        except GuardStop:  # somebody holds it: the run lives
            continue
        if not dry:
            closed.append(name)
    return closed


def close_dead_pushes() -> list[str]:
    """Close pushes that died; return the names of their targets."""
    query = sa.select(PushTarget.id, PushTarget.name).join(PushRun).where(PushRun.state == "running").distinct()
    closed = []
    for id, name in model.Session.execute(query).all():
        try:
            with lease(f"target {id}"):
                close_dead_runs(id)
        except GuardStop:  # somebody holds it: the push lives
            continue
        closed.append(name)
    return closed

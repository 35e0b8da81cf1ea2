"""The ledger: one row per dataset and target; each change is committed at once, so that a push can die at any moment."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model import PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.province.eligible import Facts
from sqlalchemy.dialects.postgresql import insert


def facts() -> list[Facts]:
    """Return what decides about every dataset, by name, with one query."""
    package, group = model.Package, model.Group
    extra = package.extras
    query = (
        sa.select(
            package.id,
            package.name,
            package.state,
            package.private,
            extra["publishing_status"].astext,
            extra["accessRights"].astext,
            group.name,
            package.metadata_modified,
        )
        .outerjoin(group, group.id == package.owner_org)
        .where(package.type == "dataset")
        .order_by(package.name)
    )
    return [
        Facts(id, name, state, private, status, access, organization, modified.isoformat())
        for id, name, state, private, status, access, organization, modified in model.Session.execute(query)
    ]


def rows(target_id: str) -> dict[str, PushLedger]:
    """Return the ledger of a target by dataset id, detached from the session."""
    found = model.Session.scalars(sa.select(PushLedger).where(PushLedger.target_id == target_id)).all()
    model.Session.expunge_all()
    return {row.package_id: row for row in found}


def save(target_id: str, package_id: str, **values: Any) -> None:
    """Keep ``values`` for a dataset at a target, and commit."""
    values["modified"] = clock.now()
    statement = insert(PushLedger).values(target_id=target_id, package_id=package_id, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["target_id", "package_id"], set_=values))
    model.Session.commit()


def close_dead_runs(target_id: str) -> None:
    """Close runs of a target that are marked running; only called while holding the target's lease."""
    reason = {"code": "run-died", "message": "Pengiriman terputus.", "hint": "Pengiriman berikutnya melanjutkan."}
    model.Session.execute(
        sa.update(PushRun)
        .where(PushRun.target_id == target_id, PushRun.state == "running")
        .values(state="failed", reason=reason, finished=clock.now())
    )
    model.Session.commit()


def start_run(target: PushTarget, dry_run: bool, only: str | None = None) -> PushRun:
    """Close runs that died (the lease is held, so none can be alive) and return a new one."""
    close_dead_runs(target.id)
    run = PushRun(target_id=target.id, dry_run=dry_run, package_id=only, counts={}, changes=[])
    model.Session.add(run)
    model.Session.commit()
    return run


def close_run(
    run_id: str, state: str, counts: dict[str, int], reason: dict[str, str] | None, changes: list[dict[str, Any]]
) -> None:
    """Keep how a run ended, and the ``changes`` that a dry run found."""
    model.Session.execute(
        sa.update(PushRun)
        .where(PushRun.id == run_id)
        .values(state=state, counts=counts, reason=reason, changes=changes, finished=clock.now())
    )
    model.Session.commit()

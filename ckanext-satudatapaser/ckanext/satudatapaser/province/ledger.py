"""The ledger: one row per dataset and target; each change is committed at once, so that a push can die at any moment."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model import PushChange, PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.province.eligible import Facts
from sqlalchemy.dialects.postgresql import insert


@dc.dataclass(frozen=True, slots=True)
class Standing:
    """A row of the ledger without the values last pushed, which few datasets of a push need (``pushed``)."""

    package_id: str
    remote_id: str | None
    state: str
    pushed_version: str
    pushed_hash: str
    remote_hash: str
    sent_hash: str
    reasons: list[dict[str, str]]
    attempts: int

    @property
    def uncertain(self) -> bool:
        """Tell whether a create may have been carried out of which nobody heard."""
        return not self.remote_id and self.state in ("pending", "failed")


KEY = ("target_id", "package_id")
UNSEEN = {"synchronize_session": False}
"""A push holds no rows of the ledger in its session that a statement would have to keep up to date."""
COLUMNS = [getattr(PushLedger, field.name) for field in dc.fields(Standing)]


def facts(package_id: str | None = None) -> list[Facts]:
    """Return what decides about every dataset (or the one with this id), by name, with one query."""
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
    if package_id:
        query = query.where(package.id == package_id)
    return [
        Facts(id, name, state, private, status, access, organization, modified.isoformat())
        for id, name, state, private, status, access, organization, modified in model.Session.execute(query)
    ]


def rows(target_id: str) -> dict[str, Standing]:
    """Return the ledger of a target by dataset id."""
    found = model.Session.execute(sa.select(*COLUMNS).where(PushLedger.target_id == target_id))
    return {values[0]: Standing(*values) for values in found}


def pushed(target_id: str, package_id: str) -> dict[str, Any]:
    """Return the values of a dataset last written to a target or accepted there; empty when they are not known."""
    query = sa.select(PushLedger.pushed).where(PushLedger.target_id == target_id, PushLedger.package_id == package_id)
    return model.Session.scalar(query) or {}


def expect(target_id: str, package_ids: Collection[str]) -> None:
    """Keep that datasets without a row are about to be created at a target, and commit.

    Whoever dies from here on leaves rows that say so, and the next push looks before it creates; that a first create is
    about to be sent is no news for the history.
    """
    rows = [{"target_id": target_id, "package_id": id, "state": "pending"} for id in package_ids]
    model.Session.execute(insert(PushLedger).on_conflict_do_nothing(index_elements=KEY), rows)
    model.Session.commit()


def unexpect(target_id: str, package_ids: Collection[str]) -> None:
    """Forget that datasets were about to be created of which nothing was sent, and commit."""
    rows = (PushLedger.target_id == target_id, PushLedger.package_id.in_(package_ids), PushLedger.state == "pending")
    model.Session.execute(sa.delete(PushLedger).where(*rows), execution_options=UNSEEN)
    model.Session.commit()


def save(target_id: str, package_id: str, **values: Any) -> None:
    """Keep ``values`` for a dataset at a target and a change of its state in the history, and commit."""
    values["modified"] = clock.now()
    here = (PushLedger.target_id == target_id, PushLedger.package_id == package_id)
    before = model.Session.scalar(sa.select(PushLedger.state).where(*here))
    if before is None:
        statement = insert(PushLedger).values(target_id=target_id, package_id=package_id, **values)
        model.Session.execute(statement.on_conflict_do_update(index_elements=KEY, set_=values))
    else:
        model.Session.execute(sa.update(PushLedger).where(*here).values(**values), execution_options=UNSEEN)
    _remember(target_id, package_id, before or "", values)
    model.Session.commit()


def _remember(target_id: str, package_id: str, before: str, values: Mapping[str, Any]) -> None:
    """Add to the history that a dataset's state went from ``before`` to that of ``values``, if it did."""
    after = values.get("state", before)
    if after == before:
        return
    codes = sorted({reason["code"] for reason in values.get("reasons") or []})
    why, fault = values.get("last_error") or ", ".join(codes), values.get("fault") or {}
    change = {"target_id": target_id, "package_id": package_id, "before": before, "after": after}
    model.Session.execute(sa.insert(PushChange).values(**change, why=why, fault=fault, moment=clock.now()))


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


def refuse_run(target_id: str, dry_run: bool, only: str | None, reason: dict[str, str]) -> None:
    """Keep that a push could not begin, for people to see why."""
    run = PushRun(target_id=target_id, dry_run=dry_run, package_id=only, counts={}, changes=[], reason=reason)
    run.state, run.finished = "failed", clock.now()
    model.Session.add(run)
    model.Session.commit()


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

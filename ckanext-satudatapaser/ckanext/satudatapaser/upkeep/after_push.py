"""After a push: is it news, and for whom? As ``after`` does for runs of sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.model import PushRun, PushTarget
from ckanext.satudatapaser.upkeep import notice, outbox


def after_push(target_name: str, result: Mapping[str, Any]) -> str:
    """Take note of a push's ``result`` (see satudata_push_run): notices of a first failure and of recovery wait to be sent.

    Return the news: failing, recovered or "". The target's row is locked meanwhile, so that each change is news once.
    """
    query = sa.select(PushTarget).where(PushTarget.name == target_name).with_for_update()
    target = model.Session.scalar(query)
    if target is None:
        model.Session.rollback()
        return ""
    what, now = notice.event(target.failing_since is not None, result), clock.now()
    if what:
        since = target.failing_since or now
        content = notice.of_push(what, _about(target), result, since, tk.config["ckan.site_title"])
        outbox.put(str(target.settings.get("notify") or config.notify()), content, target_id=target.id)
        target.failing_since = since if what == notice.FAILING else None
    model.Session.commit()
    return what


def after_push_death(target_name: str) -> str:
    """Take note of a push that died and was closed by others; as ``after_push``."""
    target_id = sa.select(PushTarget.id).where(PushTarget.name == target_name).scalar_subquery()
    query = sa.select(PushRun).where(
        PushRun.target_id == target_id, PushRun.dry_run.is_(False), PushRun.package_id.is_(None)
    )
    run = model.Session.scalars(query.order_by(PushRun.started.desc()).limit(1)).first()
    if run is None:
        return ""
    return after_push(target_name, {"state": run.state, "reason": run.reason or {}, **run.counts})


def _about(target: PushTarget) -> dict[str, str]:
    page = f"{tk.config['ckan.site_url'].rstrip('/')}/sinkronisasi"
    return {"name": target.name, "title": target.name, "url": page}

"""What the actions on targets and pushes share: look-up, settings, the dicts that they return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.errors import SatuDataError
from ckanext.satudatapaser.model import PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.net.session import guarded_session
from ckanext.satudatapaser.province import mapping
from ckanext.satudatapaser.province.remote import Remote
from ckanext.satudatapaser.province.sending import NAMES as SETTINGS
from ckanext.satudatapaser.province.sending import sending
from ckanext.satudatapaser.province.uploads import Uploads
from ckanext.satudatapaser.upkeep.cron import next_after
from ckanext.satudatapaser.upkeep.notice import recipients

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,62}")
MOST = 1000
SLOW = 100_000  # bytes a second


def target_by_name(data_dict: dict[str, Any]) -> PushTarget:
    """Return the target named in ``data_dict``; raises ObjectNotFound."""
    name = tk.get_or_bust(data_dict, "target")
    found = model.Session.scalar(sa.select(PushTarget).where(PushTarget.name == name))
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no target called %(name)s.") % {"name": name})
    return found


def mapping_of(name: str) -> mapping.FieldMapping:
    """Return the field mapping called ``name``; raises ConfigError."""
    return mapping.load(config.config_dir() / "province", name)


def remote_of(target: PushTarget, within: float = 0) -> Remote:
    """Return a target's API at the pace that its settings allow; raises ConfigError.

    ``within``: for somebody who waits so many seconds; nothing is asked twice or waited for then.
    """
    how = sending(target.settings)
    if within:
        return Remote(
            target.url, guarded_session(target.secret, changed={"session": within, "attempts": 1}), attempts=1
        )
    limits = {} if how.per_second is None else {"per_second": how.per_second}
    if how.uploads:  # time for the largest file at a slow line's pace; what is silent is given up before
        limits["total"] = max(config.total_timeout(), how.max_bytes / SLOW)
    return Remote(target.url, guarded_session(target.secret, changed=limits), how.pause)


def uploads_of(target: PushTarget) -> Uploads | None:
    """Return which of our files a target gets as files; None when it gets links."""
    how = sending(target.settings)
    return Uploads(_stored, how.max_bytes) if how.uploads else None


def _stored(file: Mapping[str, Any]) -> Path | None:
    """Return where an uploaded file of ours lies; None when it is not on a disk of ours."""
    path = uploader.get_resource_uploader(dict(file)).get_path(str(file["id"]))
    return Path(path) if isinstance(path, str) else None


def target_dict(target: PushTarget) -> dict[str, Any]:
    """Return a target as plain data, with its last push and the number of its datasets in each state."""
    last = model.Session.scalar(
        sa.select(PushRun)
        .where(PushRun.target_id == target.id, PushRun.dry_run.is_(False), PushRun.package_id.is_(None))
        .order_by(PushRun.started.desc())
        .limit(1)
    )
    states = model.Session.execute(
        sa.select(PushLedger.state, sa.func.count()).where(PushLedger.target_id == target.id).group_by(PushLedger.state)
    ).all()
    run = run_dict(last) if last else None
    names = ("name", "url", "secret", "mapping", "settings", "active")
    return {**{name: getattr(target, name) for name in names}, "states": dict(map(tuple, states)), "last_run": run,
            "next_run": target.next_run.isoformat() if target.next_run else None,
            "paused_until": target.paused_until.isoformat() if target.paused_until else None,
            "failing_since": target.failing_since.isoformat() if target.failing_since else None}  # fmt: skip


def run_dict(run: PushRun) -> dict[str, Any]:
    """Return a push as plain data, without what a dry run found."""
    values = {key: getattr(run, key) for key in ("id", "state", "dry_run", "package_id", "counts", "reason")}
    return {
        **values,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
    }


def check_values(values: dict[str, Any]) -> None:
    """Check a target's ``values`` and add when it is due; raises ValidationError."""
    errors: dict[str, list[str]] = {}
    if not NAME.fullmatch(values["name"]):
        errors["target"] = [tk._("Expected 2-63 lower-case letters, digits, - or _.")]
    parts = urlsplit(values["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        errors["url"] = [tk._("Expected an http:// or https:// address without a password in it.")]
    unknown = sorted(set(values["settings"]) - set(SETTINGS))
    if unknown:
        errors["settings"] = [
            tk._("Unknown: %(unknown)s; expected one of: %(expected)s.")
            % {"unknown": ", ".join(unknown), "expected": ", ".join(SETTINGS)}
        ]
    try:
        mapping_of(values["mapping"])
    except SatuDataError as error:
        errors["mapping"] = [str(error)]
    try:
        sending(values["settings"])
        recipients(str(values["settings"].get("notify") or ""))
        values["next_run"] = next_after(str(values["settings"].get("schedule") or ""), clock.now())
    except SatuDataError as error:
        errors.setdefault("settings", []).append(str(error))
    if errors:
        raise tk.ValidationError(errors)


def remote_url(target: PushTarget, row: PushLedger) -> str:
    """Return the page of a dataset's copy at a target, "" when it has none that everybody sees."""
    there = row.remote_id and row.state not in ("withdrawn", "not_eligible")
    return f"{target.url.rstrip('/')}/dataset/{row.remote_id}" if there else ""

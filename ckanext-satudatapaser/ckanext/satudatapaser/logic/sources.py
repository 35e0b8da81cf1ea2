"""What the source and job actions share: look-up, settings, the dict that they return."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import ConfigError, SatuDataError
from ckanext.satudatapaser.harvesters import declared_settings, kind_names, load_kind
from ckanext.satudatapaser.harvesters._settings import parse
from ckanext.satudatapaser.intake.identity import Seen
from ckanext.satudatapaser.intake.listing import Lister
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.session import guarded_session
from ckanext.satudatapaser.upkeep.due import following


def source_by_name(data_dict: dict[str, Any]) -> HarvestSource:
    """Return the source named in ``data_dict``; raises ObjectNotFound."""
    name = tk.get_or_bust(data_dict, "name")
    source = model.Session.scalar(sa.select(HarvestSource).where(HarvestSource.name == name))
    if source is None:
        raise tk.ObjectNotFound(tk._("There is no source called %(name)s.") % {"name": name})
    return source


def parsed_settings(source: HarvestSource) -> dict[str, Any]:
    """Return a source's settings with types and defaults."""
    if source.kind not in kind_names():
        raise ConfigError("kind-unknown", f"Jenis sumber {source.kind!r} tidak terpasang.", "Pasang paketnya kembali.")
    return parse(source.settings, declared_settings(load_kind(source.kind)))


def session_for(settings: dict[str, Any], brief: bool = False) -> GuardedSession:
    """Return a guarded session that sends the source's key and believes its private authority, if it has them.

    ``brief``: within the few seconds that somebody waits for a page.
    """
    return guarded_session(settings.get("api_key") or "", ca_bundle=settings.get("ca_bundle") or "", brief=brief)


def is_awaited(context: Any) -> bool:
    """Tell whether somebody waits for an answer over the web; who called from the command line has time."""
    return not context.get("satudata_patient")


def not_read(error: SatuDataError, awaited: bool, command: str) -> tk.ValidationError:
    """Return why a source could not be read; where it only took too long for a page, with the ``command`` that has time."""
    messages = [str(error)]
    if awaited and error.code in ("source-long", "source-slow", "source-too-big"):
        messages = [
            error.message,
            tk._("A page cannot wait any longer. On the command line: {command}").format(command=command),
        ]
    return tk.ValidationError({"source": messages})


def listing_of(source: HarvestSource, brief: bool = False) -> list[Seen]:
    """Fetch a source's whole listing without writing anything; raises SatuDataError when it fails. ``brief``: see above."""
    settings = parsed_settings(source)
    net = session_for(settings, brief)
    lister = Lister(source.url, source.owner_org, load_kind(source.kind), settings, net, marks={})
    with tempfile.TemporaryFile() as spool:
        listing = lister.read(spool)
        if listing.problem:
            raise listing.problem
        return listing.seen()


def moment(value: dt.datetime | None) -> str | None:
    """Return a moment as ISO text."""
    return value.isoformat() if value else None


def schedule(source: HarvestSource) -> None:
    """Set when a source runs next: by its schedule while it is approved, else never."""
    approved = source.state == "approved"
    source.next_run = following(source.name, source.settings, clock.now()) if approved else None


def job_dict(job: HarvestJob) -> dict[str, Any]:
    """Return a run as plain data."""
    return {
        "id": job.id,
        "source_id": job.source_id,
        "state": job.state,
        "dry_run": job.dry_run,
        "only_failed": job.only_failed,
        "counts": job.counts,
        "reason": job.reason,
        "created_by": job.created_by,
        "cancel": job.cancel,
        "started": job.started.isoformat(),
        "finished": moment(job.finished),
    }


def as_dict(source: HarvestSource) -> dict[str, Any]:
    """Return a source as plain data with its last run; settings hold names of secrets only."""
    last = model.Session.scalar(
        sa.select(HarvestJob).where(HarvestJob.source_id == source.id).order_by(HarvestJob.started.desc()).limit(1)
    )
    return {
        "id": source.id,
        "name": source.name,
        "title": source.title,
        "kind": source.kind,
        "url": source.url,
        "owner_org": source.owner_org,
        "settings": source.settings,
        "state": source.state,
        "created_by": source.created_by,
        "created": source.created.isoformat(),
        "modified": source.modified.isoformat(),
        "approved_by": source.approved_by,
        "approved_at": moment(source.approved_at),
        "approved_url": source.approved_url,
        "notify": source.notify,
        "next_run": moment(source.next_run),
        "failing_since": moment(source.failing_since),
        "last_job": job_dict(last) if last else None,
    }

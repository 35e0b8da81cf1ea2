"""Harvest sources for tests of what happens around a run."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import HarvestJob, HarvestSource

NUMBERS = itertools.count(1)


def call(action: str, **values: Any) -> Any:
    """Call an action as the site's own user, and leave no open transaction behind."""
    user = call_action("get_site_user", context={"ignore_auth": True})["name"]
    result = call_action(action, context={"user": user, "satudata_alone": True}, **values)
    model.Session.remove()
    return result


def make(url: str = "https://data.example.go.id/data.json", approve: bool = True, **values: Any) -> str:
    """Make a source and return its name."""
    name = f"sumber-{next(NUMBERS)}-{factories.Organization.stub().name[-8:]}".replace("_", "-").lower()
    organization = factories.Organization()["name"]
    call("satudata_source_create", name=name, kind="datajson", url=url, owner_org=organization, **values)
    if approve:
        call("satudata_source_approve", name=name)
    return name


def source(name: str) -> HarvestSource:
    """Return a source as the database has it now."""
    model.Session.remove()
    return model.Session.scalars(sa.select(HarvestSource).where(HarvestSource.name == name)).one()


def set_source(name: str, **values: Any) -> None:
    """Change a source's row."""
    model.Session.execute(sa.update(HarvestSource).where(HarvestSource.name == name).values(**values))
    model.Session.commit()
    model.Session.remove()


def add_job(name: str, state: str, started: dt.datetime, **values: Any) -> str:
    """Add a run to a source and return its id."""
    job = HarvestJob(source_id=source(name).id, state=state, started=started, counts={}, **values)
    model.Session.add(job)
    model.Session.commit()
    id = str(job.id)
    model.Session.remove()
    return id

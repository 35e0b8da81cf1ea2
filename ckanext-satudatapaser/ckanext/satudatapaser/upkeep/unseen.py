"""What Solr is still to be told: datasets that a run wrote which then died."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.errors import GuardStop, RetryLater
from ckanext.satudatapaser.intake.write import Writer
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import HarvestObject, HarvestSource

log = logging.getLogger(__name__)


def complete_index() -> list[str]:
    """Tell Solr what it is still to be told of sources that nobody harvests now; return their names.

    Without this a dataset that was closed would stay findable until the next run of its source. While Solr is away nothing
    is done; the next call tries again.
    """
    waits = sa.exists().where(HarvestObject.source_id == HarvestSource.id, HarvestObject.needs_index)
    told = []
    for id, name in model.Session.execute(sa.select(HarvestSource.id, HarvestSource.name).where(waits)).all():
        try:
            with lease(f"source {id}"):
                Writer(id, "", {}, ()).catch_up()
        except GuardStop:  # a run does so itself
            continue
        except RetryLater as error:
            log.warning("%s: %s", name, error)
            break
        told.append(name)
    return told

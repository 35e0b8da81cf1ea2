"""Our pages; a view calls actions only."""

from __future__ import annotations

from ckanext.satudatapaser.views import askers, desk, runs, sources  # noqa: F401 - each adds its pages to the blueprint
from ckanext.satudatapaser.views.common import desk as walidata
from ckanext.satudatapaser.views.csw import csw
from ckanext.satudatapaser.views.feeds import feeds
from ckanext.satudatapaser.views.metrics import metrics
from ckanext.satudatapaser.views.outputs import outputs
from ckanext.satudatapaser.views.rdf import rdf
from ckanext.satudatapaser.views.sitemap import sitemap
from flask import Blueprint


def get_blueprints() -> list[Blueprint]:
    """Return all blueprints."""
    return [walidata, metrics, csw, outputs, feeds, sitemap, rdf]

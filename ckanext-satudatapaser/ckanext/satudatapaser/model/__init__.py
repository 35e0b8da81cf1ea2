"""Our tables, one idea a file; columns and relations only, no rules."""

from ckanext.satudatapaser.model.harvest import HarvestJob, HarvestObject, HarvestRecord, HarvestSource
from ckanext.satudatapaser.model.push import PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.model.table import ResourceTable

__all__ = [
    "HarvestJob",
    "HarvestObject",
    "HarvestRecord",
    "HarvestSource",
    "PushLedger",
    "PushRun",
    "PushTarget",
    "ResourceTable",
]

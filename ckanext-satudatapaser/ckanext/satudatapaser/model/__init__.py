"""Our tables, one idea a file; columns and relations only, no rules."""

from ckanext.satudatapaser.model.harvest import HarvestJob, HarvestObject, HarvestRecord, HarvestSource
from ckanext.satudatapaser.model.push import PushLedger, PushRun, PushTarget

__all__ = [
    "HarvestJob",
    "HarvestObject",
    "HarvestRecord",
    "HarvestSource",
    "PushLedger",
    "PushRun",
    "PushTarget",
]

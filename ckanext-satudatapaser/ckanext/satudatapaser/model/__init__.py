"""Our tables, one idea a file; columns and relations only, no rules."""

from ckanext.satudatapaser.model.announced import Announced
from ckanext.satudatapaser.model.harvest import HarvestJob, HarvestObject, HarvestRecord, HarvestSource
from ckanext.satudatapaser.model.push import PushChange, PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.model.table import ResourceTable
from ckanext.satudatapaser.model.upkeep import Chore, Notice

__all__ = [
    "Announced",
    "Chore",
    "HarvestJob",
    "HarvestObject",
    "HarvestRecord",
    "HarvestSource",
    "Notice",
    "PushChange",
    "PushLedger",
    "PushRun",
    "PushTarget",
    "ResourceTable",
]

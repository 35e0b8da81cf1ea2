"""Which sites a process of the tests has for itself: each worker of pytest-xdist has a slot (see ops.sites), as has one alone."""

from __future__ import annotations

import os

from ops import instance as instances
from ops import sites


def number() -> int:
    """Return the slot of this process."""
    return int(os.environ.get("SATUDATA_TEST_SLOT", "0"))


def take(worker: str) -> None:
    """Let this process, the ``worker`` (gw0, gw1 …), use the sites of its slot."""
    instance, slot = instances.test(), int(worker.removeprefix("gw"))
    os.environ["SATUDATA_TEST_SLOT"] = str(slot)
    os.environ["CKAN_INI"] = str(sites.test_site(instance, slot).ini(instance))
    os.environ["SATUDATA_PROVINCE_INI"] = str(sites.test_province(instance, slot).ini(instance))

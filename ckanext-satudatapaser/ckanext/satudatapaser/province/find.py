"""The copy of our dataset at the target: under which names it can stand, and how it is found when no answer told us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.province.eligible import Facts
from ckanext.satudatapaser.province.payload import OUR_ID
from ckanext.satudatapaser.province.remote import Remote, RemoteHidden


def names(facts: Facts) -> tuple[str, str]:
    """Return the names that a dataset can have at a target: its own, and one that no other owner's dataset has."""
    return facts.name, f"{facts.name[:80]}-paser-{facts.id[:8]}"


def our_id(there: Mapping[str, Any]) -> str:
    """Return the id of our dataset that a dataset of the target says it is a copy of, or ""."""
    extras = {extra["key"]: extra["value"] for extra in there.get("extras") or []}
    return str(there.get(OUR_ID) or extras.get(OUR_ID) or "")


def find(remote: Remote, facts: Facts, remote_id: str | None) -> dict[str, Any] | None:
    """Return the target's copy: by the id we know, else by its names, else by our id in the target's search.

    The search is asked last, as its index may lag behind; it finds what was renamed there or whose name here is not known
    any more. Raises RemoteHidden when the copy exists, but not for us any longer.
    """
    if remote_id:
        found = remote.package(remote_id)
        if found:
            return found
    return by_name(remote, facts) or _by_search(remote, facts)


def by_name(remote: Remote, facts: Facts) -> dict[str, Any] | None:
    """Return the target's copy if it has one of the names that we give."""
    for name in names(facts):
        try:
            found = remote.package(name)
        except RemoteHidden:  # somebody else's: ours are seen by us, withdrawn or not
            continue
        if found and our_id(found) == facts.id:
            return found
    return None


def _by_search(remote: Remote, facts: Facts) -> dict[str, Any] | None:
    query = {"fq": f'extras_{OUR_ID}:"{facts.id}"', "include_private": True, "rows": 2}
    found = (remote.call("package_search", query) or {}).get("results") or []
    ids = [package["id"] for package in found if our_id(package) == facts.id]
    return remote.package(ids[0]) if ids else None

"""What the target holds of ours, and the smallest change that makes it right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ckanext.satudatapaser.province.payload import CORE, OUR_ID, Payload, body

Remote = Mapping[str, Any]


def held(remote: Remote, wanted: Payload, mapping_fields: Collection[str]) -> Payload:
    """Return what ``remote`` (their package_show) holds under the names that we send; its own additions are left out.

    ``mapping_fields``: every field name that we may send, so that a value that somebody filled in there counts as well.
    """
    extras = {extra["key"]: extra["value"] for extra in remote.get("extras") or []}
    organization = remote.get("organization") or {}
    found: Payload = {}
    for key in {*wanted, *mapping_fields} - {"tags", "groups", "resources", "owner_org"}:
        value = remote.get(key) if key in CORE or remote.get(key) not in (None, "") else extras.get(key)
        if value not in (None, ""):
            found[key] = str(value)
    found["tags"] = sorted(tag["name"] for tag in remote.get("tags") or [])
    ours = {file[OUR_ID]: file for file in remote.get("resources") or [] if file.get(OUR_ID)}
    files = [file for file in remote.get("resources") or [] if file.get(OUR_ID) in ours]
    names = {name for file in wanted["resources"] for name in file} | {"url", "name", "format", OUR_ID}
    found["resources"] = [{n: str(file[n]) for n in sorted(names) if file.get(n) not in (None, "")} for file in files]
    names_there = {group["name"] for group in remote.get("groups") or []}
    found["groups"] = sorted(names_there & set(wanted["groups"]))
    names_of_org = {organization.get("name"), organization.get("id"), remote.get("owner_org")}
    found["owner_org"] = wanted["owner_org"] if wanted["owner_org"] in names_of_org else organization.get("name") or ""
    return found


def differences(wanted: Payload, there: Payload) -> tuple[str, ...]:
    """Return the names of the fields in which the target is not as wanted."""
    return tuple(sorted(key for key in {*wanted, *there} if wanted.get(key) != there.get(key)))


def patch(wanted: Payload, remote: Remote, different: Collection[str], known: Collection[str]) -> dict[str, Any]:
    """Return the package_patch that corrects the fields in ``different``; what the target has of its own stays."""
    whole = body(wanted, known)
    change: dict[str, Any] = {"id": remote["id"]}
    for key in different:
        if key in ("tags", "owner_org"):
            change[key] = whole[key]
        elif key == "groups":
            change[key] = [
                {"name": n} for n in sorted({g["name"] for g in remote.get("groups") or []} | set(wanted[key]))
            ]
        elif key == "resources":
            change[key] = _resources(wanted["resources"], remote.get("resources") or [])
        elif key in CORE or key in known:
            change[key] = wanted.get(key, "")
    if any(key not in change for key in different):
        ours = {extra["key"]: extra["value"] for extra in whole["extras"]}
        theirs = {e["key"]: e["value"] for e in remote.get("extras") or [] if e["key"] not in different}
        change["extras"] = [{"key": key, "value": value} for key, value in sorted({**theirs, **ours}.items())]
    return change


def _resources(wanted: list[dict[str, str]], remote: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return their list of files: ours in our order with the ids that they have there, then the target's own."""
    left = list(remote)
    result: list[dict[str, Any]] = []
    for file in wanted:
        match = next((r for r in left if r.get(OUR_ID) == file[OUR_ID]), None) or next(
            (r for r in left if not r.get(OUR_ID) and r.get("url") == file["url"]), None
        )
        if match is not None:
            left.remove(match)
        result.append({**(match or {}), **file})
    return result + [dict(r) for r in left if not r.get(OUR_ID)]

"""What the target holds of ours, and the smallest change that makes it right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ckanext.satudatapaser.province.payload import CORE, MARK, OUR_ID, Payload, body, digest

Remote = Mapping[str, Any]
REPLACED = "replaced "
# what the target keeps of a file's content, wrong once a link takes its place
OF_CONTENT = ("size", "hash", "mimetype", "last_modified", MARK)


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
    urls = {file[OUR_ID]: file["url"] for file in wanted["resources"] if file.get(MARK)}
    found["resources"] = [_file(file, names, urls.get(file[OUR_ID])) for file in files]
    names_there = {group["name"] for group in remote.get("groups") or []}
    found["groups"] = sorted(names_there & set(wanted["groups"]))
    names_of_org = {organization.get("name"), organization.get("id"), remote.get("owner_org")}
    found["owner_org"] = wanted["owner_org"] if wanted["owner_org"] in names_of_org else organization.get("name") or ""
    return found


def _file(file: Mapping[str, Any], names: Collection[str], url: str | None) -> dict[str, str]:
    """Return what the target holds of one file; ``url``: our address of it, for which its copy there stands."""
    kept = {name: str(file[name]) for name in sorted(names) if file.get(name) not in (None, "")}
    kept.pop(MARK, None)
    if file.get("url_type") == "upload":
        found = {MARK: mark_there(file), "url": url or ""}
        kept |= {name: value for name, value in found.items() if value}
    return kept


def mark_there(file: Mapping[str, Any]) -> str:
    """Return the mark of the content that the target holds of a file: "" for none, another when it was replaced there."""
    if file.get("url_type") != "upload":
        return ""
    mark, size = str(file.get(MARK) or ""), file.get("size")
    return mark if size in (None, "") or str(size) == mark.rpartition("-")[2] else f"{REPLACED}{size}"


def seen(there: Payload) -> str:
    """Return the hash of what the target holds. Marks are left out, as files come one by one, unless replaced there."""
    files = [
        {key: value for key, value in file.items() if key != MARK or value.startswith(REPLACED)}
        for file in there["resources"]
    ]
    return digest({**there, "resources": files})


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
            (r for r in left if not r.get(OUR_ID) and _is_same(r, file)), None
        )
        if match is not None:
            left.remove(match)
        result.append(_merged(match or {}, file))
    return result + [dict(r) for r in left if not r.get(OUR_ID)]


def _is_same(there: Mapping[str, Any], file: Mapping[str, str]) -> bool:
    """Tell whether a file without our id is ours all the same: it has our address, or its name when it was uploaded."""
    if file.get(MARK) and there.get("url_type") == "upload":
        return str(there.get("url")).rpartition("/")[2] == file["url"].rpartition("/")[2]
    return bool(there.get("url") == file["url"])


def _merged(there: Mapping[str, Any], file: Mapping[str, str]) -> dict[str, Any]:
    """Return a file as it is to be written: a copy there stays until other content comes, or a link takes its place."""
    ours = {key: value for key, value in file.items() if key != MARK}
    if there.get("url_type") != "upload":
        return {**there, **ours}
    if file.get(MARK):
        return {**there, **{key: value for key, value in ours.items() if key != "url"}}
    kept = {key: value for key, value in there.items() if key not in OF_CONTENT}
    return {**kept, **ours, "url_type": "", "clear_upload": True}

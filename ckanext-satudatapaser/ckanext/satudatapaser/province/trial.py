"""Try at a target whether a dataset of ours can be written: a private one, which is deleted at once.

It always has the same name, so that a target keeps one deleted dataset of us, however often it is asked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.errors import SatuDataError, SourceError
from ckanext.satudatapaser.province.finding import Finding, Question
from ckanext.satudatapaser.province.payload import MARK, OUR_ID, Payload, body
from ckanext.satudatapaser.province.remote import Remote, RemoteRefused
from ckanext.satudatapaser.province.sending import Sending

NAME = "satudata-paser-percobaan"
ID = "percobaan"  # is no dataset's, so that no push ever takes it for one
CONTENT = b"percobaan\n1\n"


def trial(question: Question, how: Sending) -> Iterator[Finding]:
    """Yield whether a dataset, and a file where files are uploaded, can be written."""
    if not how.trial:
        unknown = " dan berkas" if how.uploads else ""
        text = f"Menulis dataset{unknown} tidak dicoba; setelan trial=true mencobanya dengan dataset privat yang lalu dihapus."
        yield Finding(True, "trial-off", text, note=True)
        return
    if not question.organizations:
        return
    remote = question.remote
    try:
        there = _write(remote, _values(question))
    except (RemoteRefused, SourceError) as error:
        yield _because(error, "trial-refused", "Dataset percobaan ditolak.")
        return
    try:
        yield Finding(True, "trial", "Dataset percobaan dapat ditulis.")
        if how.uploads:
            yield _file(remote, there)
    finally:
        left = _removed(remote, there)
    if left:
        yield left


def _values(question: Question) -> dict[str, Any]:
    sample: Payload = {"tags": [], "groups": [], "notes": "Percobaan.", **(question.sample or {})}
    sample |= {
        "owner_org": sample.get("owner_org") or question.organizations[0],
        "title": "Percobaan pengiriman Satu Data Paser",
        "resources": [{"name": "Percobaan", "format": "CSV", "url": "https://example.org/percobaan.csv", OUR_ID: ID}],
        OUR_ID: ID,
    }
    return {**body(sample, question.remote.known_fields()), "name": NAME, "private": True, "state": "active"}


def _write(remote: Remote, values: dict[str, Any]) -> Mapping[str, Any]:
    there = remote.package(NAME)
    if there is None:
        return remote.write("package_create", values)
    return remote.write("package_patch", {**values, "id": there["id"]})


def _file(remote: Remote, there: Mapping[str, Any]) -> Finding:
    try:
        remote.upload(
            "resource_patch", {"id": there["resources"][0]["id"], MARK: ID}, "percobaan.csv", io.BytesIO(CONTENT)
        )
    except RemoteRefused as error:
        return Finding(
            False,
            "files-refused",
            f"Berkas tidak dapat diunggah ke sasaran. {error}",
            values={"cause": error.as_dict()},
        )
    return Finding(True, "files", "Berkas dapat diunggah ke sasaran.")


def _removed(remote: Remote, there: Mapping[str, Any]) -> Finding | None:
    try:
        remote.remove("package_delete", {"id": there["id"]})
    except SatuDataError as error:
        return Finding(
            False,
            "trial-left",
            f"Dataset percobaan {NAME} tertinggal (privat) di sasaran: {error}",
            values={"cause": error.as_dict()},
        )
    return None


def _because(error: SatuDataError, code: str, message: str) -> Finding:
    return Finding(False, code, f"{message} {error}", values={"cause": error.as_dict()})

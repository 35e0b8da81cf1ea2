"""Ask a target before anything is sent to it; every finding is a sentence for people. Within a time limit, whatever it does."""

from __future__ import annotations

import datetime as dt
import email.utils
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import SatuDataError
from ckanext.satudatapaser.province.finding import Finding, Question
from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.province.payload import CORE
from ckanext.satudatapaser.province.remote import Remote, RemoteRefused
from ckanext.satudatapaser.province.sending import Sending, sending
from ckanext.satudatapaser.province.trial import trial

OLDEST = (2, 9)  # the first CKAN with API tokens
CLOCKS = dt.timedelta(minutes=2)
RATES = ("RateLimit-Limit", "X-RateLimit-Limit", "X-Rate-Limit-Limit")


def check(question: Question, seconds: float) -> list[Finding]:
    """Return what a push to this target can expect, or what was found of it after ``seconds``.

    A look-up of the target's name may hang longer than any limit of ours, so the answer does not wait for it.
    """
    found: list[Finding] = []
    faults: list[BaseException] = []

    def ask() -> None:
        try:
            for finding in _all(question):
                found.append(finding)  # noqa: PERF402 - what was found so far is read before the end
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is awaited
            faults.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if faults:
        raise faults[0]
    if thread.is_alive():
        text = f"Sasaran belum selesai menjawab setelah {seconds:g} detik; sisanya tidak diperiksa."
        return [*found, Finding(False, "check-slow", text)]
    return found


def _all(question: Question) -> Iterator[Finding]:
    """Ask one thing after the other; a refusal is a finding, a target that does not answer is the last one."""
    how = sending(question.settings)
    for part in (_itself, _rights, _required, trial):
        try:
            yield from part(question, how)
        except RemoteRefused as error:
            yield Finding(False, error.code, str(error), values=error.values)
        except SatuDataError as error:
            yield Finding(False, error.code, str(error), values=error.values)
            return


def _itself(question: Question, how: Sending) -> Iterator[Finding]:
    before = clock.now()
    status, headers = question.remote.status()
    yield version(str(status.get("ckan_version") or ""))
    plugins = status.get("extensions") or []
    names = ", ".join(plugins.split() if isinstance(plugins, str) else map(str, plugins))
    if names:
        yield Finding(True, "plugins", f"Plugin di sasaran: {names}.", value=names)
    yield from clocks(headers.get("Date"), before + (clock.now() - before) / 2)
    yield rate(headers, how)


def version(text: str) -> Finding:
    """Return what a version means for a push."""
    if not text:
        return Finding(True, "version-unknown", "Sasaran adalah CKAN; versinya tidak disebutkan.")
    numbers = tuple(int(part) for part in text.split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        words = f"Sasaran adalah CKAN {text}, lebih tua daripada {'.'.join(map(str, OLDEST))}: pengiriman belum pernah dicoba."
        return Finding(True, "version-old", words, note=True, value=text)
    return Finding(True, "version", f"Sasaran adalah CKAN {text}.", value=text)


def clocks(date: str | None, here: dt.datetime) -> Iterator[Finding]:
    """Yield how far the target's clock is from ours."""
    try:
        there = email.utils.parsedate_to_datetime(date or "")
    except ValueError:
        return
    apart = abs(there - here)
    if apart <= CLOCKS:
        yield Finding(True, "clock", "Jam sasaran sama dengan jam kita.")
    else:
        minutes = f"{apart.total_seconds() / 60:.0f}"
        text = f"Jam sasaran berbeda {minutes} menit dari jam kita; periksa jam kedua server."
        yield Finding(True, "clock-apart", text, note=True, value=minutes)


def rate(headers: Mapping[str, str], how: Sending) -> Finding:
    """Return at which pace we send, and what the target says of that."""
    stated = next((headers[name] for name in RATES if headers.get(name)), None)
    limit = f"Sasaran menyebutkan batas laju {stated!r}." if stated else "Sasaran tidak menyebutkan batas laju."
    ours = (
        "menurut setelan portal" if how.per_second is None else f"paling banyak {how.per_second:g} permintaan per detik"
    )
    pause = f", jeda {how.pause:g} detik antara tulisan" if how.pause else ""
    return Finding(True, "pace", f"{limit} Kita mengirim {ours}{pause}.")


def _rights(question: Question, how: Sending) -> Iterator[Finding]:
    if not question.has_token:
        yield Finding(
            False, "token-missing", "Sasaran belum punya token (setelan secret): tanpa itu tidak ada yang ditulis."
        )
    if not question.organizations:
        yield Finding(False, "organization-missing", "Organisasi di sasaran belum diatur (setelan organization).")
        return
    rights = ["create_dataset", "update_dataset"]
    if question.mapping.withdraw == "delete":
        rights.append("delete_dataset")
    allowed = {right: _organizations(question.remote, right) for right in rights}
    for name in question.organizations:
        yield _right(question.remote, name, [right for right in rights if name not in allowed[right]])


def _organizations(remote: Remote, right: str) -> Collection[str]:
    found = remote.call("organization_list_for_user", {"permission": right}) or []
    return {org.get("name") for org in found} | {org.get("id") for org in found}


def _right(remote: Remote, name: str, lacking: list[str]) -> Finding:
    if not lacking:
        return Finding(True, "organization", f"Token boleh menulis di organisasi {name!r}.", value=name)
    if remote.call("organization_show", {"id": name}) is None:
        return Finding(False, "organization-unknown", f"Organisasi {name!r} tidak ada di sasaran.", value=name)
    text = f"Token tidak berhak di organisasi {name!r}: {', '.join(lacking)}."
    return Finding(False, "organization-forbidden", text, value=name)


def _required(question: Question, how: Sending) -> Iterator[Finding]:
    mapping = question.mapping
    schema = question.remote.call("scheming_dataset_schema_show", {"type": "dataset"})
    if not isinstance(schema, dict):
        yield Finding(True, "schema-unknown", "Sasaran tidak menyebutkan skema; isian SDI dikirim sebagai extras.")
        return
    fields = schema.get("dataset_fields", [])
    sent = CORE | set(mapping.fields.values()) | set(mapping.constants) | {"name", "owner_org", "tag_string", "type"}
    missing = [f["field_name"] for f in fields if f.get("required") and f["field_name"] not in sent]
    if missing:
        names = ", ".join(missing)
        text = f"Sasaran mewajibkan isian yang tidak dikirim: {names}."
        yield Finding(False, "required-unmapped", text, value=names)
    unknown = sorted(_unknown_choices(mapping, fields))
    for field, value in unknown:
        text = f"Pemetaan memberi {field} nilai {value!r}, yang tidak ada di pilihan sasaran."
        yield Finding(False, "choice-unknown", text, value=f"{field} = {value}")
    if not missing and not unknown:
        yield Finding(True, "schema", "Skema sasaran dikenal; isian wajibnya terpetakan.")


def _unknown_choices(mapping: FieldMapping, fields: Collection[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    choices = {f["field_name"]: {str(c["value"]) for c in f["choices"]} for f in fields if f.get("choices")}
    given = [(theirs, str(value)) for theirs, value in mapping.constants.items()]
    for ours, values in mapping.values.items():
        given += [(mapping.fields.get(ours, ours), str(value)) for value in values.values()]
    return ((field, value) for field, value in given if field in choices and value not in choices[field])

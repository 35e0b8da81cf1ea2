"""Record -> the same record, clean: what can be repaired is repaired, and each repair is said as a warning.

Pure and idempotent: normalising twice changes nothing more.
"""

from __future__ import annotations

import dataclasses as dc
import html
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.dates import iso_date
from ckanext.satudatapaser.record.model import Issue, Record, Resource, Severity
from ckanext.satudatapaser.record.privacy import is_personal_mail

TAG_LONGEST, TAG_SHORTEST = 100, 2
TITLE_LONGEST, TEXT_LONGEST = 500, 30_000
# Solr keeps texts as single terms in some fields and refuses those over 32,766 bytes.


def warning(code: str, message: str, field: str) -> Issue:
    """Return a repair as an issue."""
    return Issue(code, message, field, Severity.WARNING, "normalise")


def plain_text(text: str) -> str:
    """Return ``text`` without markup and control characters; paragraphs stay."""
    if re.search(r"<[a-zA-Z/!][^>]*>", text):
        text = re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|$)", " ", text)
        text = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</li>|</tr>|</h\d>", "\n", text)
        text = re.sub(r"(?s)<!--.*?(-->|$)|<[a-zA-Z/!][^>]*>", " ", text)
    text = html.unescape(text)
    text = "".join(c for c in text if c == "\n" or not unicodedata.category(c).startswith("C"))
    lines = [" ".join(line.split()) for line in text.replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def stable(function: Callable[[str], str], text: str) -> str:
    """Apply ``function`` until nothing changes (entities may hide entities), five times at most."""
    for _ in range(5):
        text, before = function(text), text
        if text == before:
            break
    return text


def clean_tags(tags: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Return tags that CKAN takes (2-100 characters: letters, digits, space, - _ .) and whether any was changed."""
    kept: dict[str, str] = {}
    for tag in tags:
        text = re.sub(r"[^\w \-.]+", " ", plain_text(tag))
        text = " ".join(text.split())[:TAG_LONGEST].strip()
        if len(text) >= TAG_SHORTEST:
            kept.setdefault(text.lower(), text)
    result = tuple(kept.values())
    return result, result != tags


def clean_url(url: str, base: str) -> str:
    """Return ``url`` absolute against ``base``, with unsafe characters escaped; "" when it is no web address."""
    url = "".join(url.split("\n")).strip()
    if not url:
        return ""
    try:
        whole = urljoin(base, url) if base else url
        parts = urlsplit(whole)
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return quote(whole, safe="%:/?#[]@!$&'()*+,;=-._~")


def clean_resource(resource: Resource, base: str) -> tuple[Resource | None, list[Issue]]:
    """Return the resource with absolute URL, known format and plain texts, or None when it has no usable address."""
    url = clean_url(resource.url, base)
    if not url:
        given = resource.url[:80] or "kosong"
        return None, [warning("resource-no-url", f"Berkas tanpa alamat yang sah dilewati ({given!r}).", "resources")]
    issues = []
    if url != resource.url:
        issues.append(warning("url-repaired", f"Alamat berkas diperbaiki menjadi {url}.", "resources"))
    ending = urlsplit(url).path.rpartition(".")[2]
    known = (
        vocabulary.file_format(resource.format)
        or vocabulary.file_format(resource.mimetype)
        or (vocabulary.file_format(ending) if len(ending) < 8 else None)
    )
    shown = known or plain_text(resource.format).upper()[:30]
    return dc.replace(
        resource,
        url=url,
        name=stable(plain_text, resource.name)[:TITLE_LONGEST] or urlsplit(url).path.rpartition("/")[2] or "Berkas",
        description=stable(plain_text, resource.description)[:TEXT_LONGEST],
        format=shown,
    ), issues


def clean_resources(record: Record, base: str) -> tuple[tuple[Resource, ...], list[Issue]]:
    """Return the usable, distinct resources of a record, and what was repaired."""
    kept: dict[tuple[str, str], Resource] = {}
    issues: list[Issue] = []
    for resource in record.resources:
        clean, found = clean_resource(resource, base)
        issues += found
        if clean:
            kept.setdefault((clean.url, clean.name), clean)
    return tuple(kept.values()), issues


def clean_frequency(record: Record) -> tuple[dict[str, str | tuple[str, ...]], list[Issue]]:
    """Return the record's SDI fields with a known update schedule; an unknown one is dropped and said."""
    sdi = {key: clean for key, value in record.sdi.items() if (clean := _clean_value(value))}
    stated = sdi.get("accrualPeriodicity")
    if not isinstance(stated, str):
        return sdi, []
    code = vocabulary.frequency(stated)
    if code:
        return sdi | {"accrualPeriodicity": code}, []
    del sdi["accrualPeriodicity"]
    text = f"Jadwal pemutakhiran {stated!r} tidak dikenal dan dilewati; contoh yang dikenal: Tahunan, Bulanan."
    return sdi, [warning("frequency-unknown", text, "accrualPeriodicity")]


def _clean_value(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return stable(plain_text, value)[:TEXT_LONGEST]
    return tuple(text for item in value if (text := stable(plain_text, item)))


def clean_date(record: Record, field: str) -> tuple[str, list[Issue]]:
    """Return one of the record's dates as ISO text; one that cannot be read is dropped and said."""
    stated: str = getattr(record, field)
    if not stated.strip() or stated.strip() in ("-", "null", "None"):
        return "", []
    read = iso_date(stated)
    if read:
        return read, []
    return "", [warning("date-unreadable", f"Tanggal {field} {stated[:40]!r} tidak terbaca dan dilewati.", field)]


def clean_contact(record: Record) -> tuple[str, str, list[Issue]]:
    """Return the contact's name and address; a person's address is dropped (the unit's own stays)."""
    address = record.contact_email.removeprefix("mailto:").strip()
    if address and (is_personal_mail(address) or "@" not in address):
        text = "Surel kontak bukan surel unit kerja dan tidak ditampilkan."
        return "", "", [warning("contact-personal", text, "maintainer_email")]
    return stable(plain_text, record.contact_name)[:200], address, []


def normalise(record: Record, base: str = "") -> Record:
    """Return ``record`` clean. ``base`` is the address that relative URLs belong to when the record has no page."""
    landing = clean_url(record.landing_page, base)
    resources, issues = clean_resources(record, landing or base)
    sdi, found = clean_frequency(record)
    issues += found
    issued, found = clean_date(record, "issued")
    modified, more = clean_date(record, "modified")
    issues += [*found, *more]
    name, address, found = clean_contact(record)
    issues += found
    tags, changed = clean_tags(record.tags)
    if changed:
        issues.append(warning("tags-repaired", "Kata kunci disesuaikan dengan aturan katalog.", "tags"))
    title = stable(plain_text, record.title).replace("\n", " ")[:TITLE_LONGEST].strip()
    if not title and resources and resources[0].name:
        title = resources[0].name
        issues.append(warning("title-from-file", f"Judul kosong; dipakai nama berkas {title!r}.", "title"))
    notes = stable(plain_text, record.notes)
    if len(notes) > TEXT_LONGEST:
        notes = notes[:TEXT_LONGEST].strip()
        issues.append(warning("notes-cut", f"Deskripsi dipotong sampai {TEXT_LONGEST} huruf.", "notes"))
    licence = record.license_id.strip()
    code = vocabulary.licence(licence) if licence else ""
    if licence and not code:
        issues.append(warning("licence-unknown", f"Lisensi {licence[:80]!r} tidak dikenal dan dilewati.", "license_id"))
    return dc.replace(
        record,
        title=title,
        notes=notes,
        landing_page=landing,
        publisher=stable(plain_text, record.publisher).replace("\n", " ").strip(),
        license_id=code or "",
        issued=issued,
        modified=modified,
        tags=tags,
        resources=resources,
        contact_name=name,
        contact_email=address,
        sdi=sdi,
        issues=(*record.issues, *issues),
    )

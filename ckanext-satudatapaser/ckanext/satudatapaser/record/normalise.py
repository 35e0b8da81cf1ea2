"""Record -> the same record, clean: what can be repaired is repaired, and each repair is said as a warning.

Pure and idempotent: normalising twice changes nothing more, and nothing that a source sends makes it raise.
"""

from __future__ import annotations

import dataclasses as dc
import posixpath
import re
import uuid

from ckanext.satudatapaser.record import addresses, vocabulary
from ckanext.satudatapaser.record.dates import iso_date
from ckanext.satudatapaser.record.fields import NOTHING, clean_fields, mail_address
from ckanext.satudatapaser.record.files import clean_files
from ckanext.satudatapaser.record.model import Issue, Record, Resource, warning
from ckanext.satudatapaser.record.privacy import findings, is_personal_mail
from ckanext.satudatapaser.record.text import LONGEST, READ, has_markup, key, one_line, paragraphs, plain_text

TAG_LONGEST, TAG_SHORTEST, TAGS_MOST = 100, 2, 500
TITLE_LONGEST, NAME_LONGEST = 500, 200
STATED_LONGEST = 1000
CUT, GONE = "…", "?"


def clean_tags(tags: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Return tags that CKAN takes (2-100 characters: letters, digits, space, - _ .) and whether any was changed."""
    kept: dict[str, str] = {}
    for tag in tags:
        text = " ".join(re.sub(r"[^\w \-.]+", " ", one_line(tag)).split())[:TAG_LONGEST].strip()
        if len(text) >= TAG_SHORTEST and len(kept) < TAGS_MOST:
            kept.setdefault(text.lower(), text)
    result = tuple(kept.values())
    return result, result != tags


def clean_date(record: Record, field: str) -> tuple[str, list[Issue]]:
    """Return one of the record's dates as ISO text; one that cannot be read is dropped and said."""
    stated: str = getattr(record, field)
    if stated.strip().lower() in NOTHING:
        return "", []
    read = iso_date(stated)
    if read:
        return read, []
    shown = one_line(stated, 40)
    return "", [warning("date-unreadable", f"Tanggal {field} {shown!r} tidak terbaca dan dilewati.", field, shown)]


def clean_contact(record: Record) -> tuple[str, str, list[Issue]]:
    """Return the contact's name and address; a person's address is dropped with the name (the unit's own stays)."""
    stated, name = record.contact_email.strip(), one_line(record.contact_name, NAME_LONGEST)
    address = mail_address(stated) or ""
    if is_personal_mail(address) or findings(name):
        text = "Surel kontak bukan surel unit kerja dan tidak ditampilkan."
        return "", "", [warning("contact-personal", text, "maintainer_email")]
    if stated.removeprefix("mailto:").lower() in NOTHING or address:
        return name, address, []
    return name, "", [warning("contact-invalid", "Surel kontak bukan alamat surel dan dilewati.", "maintainer_email")]


def clean_title(record: Record, landing: str, files: tuple[Resource, ...]) -> tuple[str, list[Issue]]:
    """Return the title; an empty one is taken from the first file's name, or from the last part of its page's address."""
    whole = one_line(record.title)
    title = whole[:TITLE_LONGEST].strip()
    if title:
        text = f"Judul dipotong sampai {TITLE_LONGEST} huruf."
        return title, [warning("title-cut", text, "title")] if title != whole else []
    named = next((found for file in files if (found := title_of_file(file))), "")
    if named:
        return named, [warning("title-from-file", f"Judul kosong; dipakai nama berkas {named!r}.", "title", named)]
    slug = title_of_address(landing)
    if slug:
        return slug, [warning("title-from-page", f"Judul kosong; dipakai alamat halamannya: {slug!r}.", "title", slug)]
    return "", []


def title_of_file(file: Resource) -> str:
    """Return a file's name as a title; of one that is called as its address ends, the words without the ending."""
    if file.name == one_line(addresses.last_part(file.url)):
        return title_of_address(posixpath.splitext(file.url)[0])
    return "" if file.name == "Berkas" else file.name


def title_of_address(url: str) -> str:
    """Return the last part of a page's address as a title; "" when it has no words but a number or a UUID."""
    part = addresses.last_part(url)
    try:
        uuid.UUID(part)
    except ValueError:
        words = one_line(re.sub(r"[-_+.]+", " ", part), TITLE_LONGEST)
        return words[:1].upper() + words[1:] if re.search(r"[^\W\d_]{3}", words) else ""
    return ""


def clean_notes(record: Record) -> tuple[str, list[Issue]]:
    """Return the description as plain text; markup that was taken out and a cut are said."""
    issues = []
    if any(has_markup(text[:READ]) for text in (record.notes, record.title)):
        issues.append(warning("markup-removed", "Kode HTML di dalam judul atau deskripsi dibuang.", "notes"))
    notes = paragraphs(record.notes)
    if len(record.notes) > READ or (len(record.notes) > LONGEST and len(plain_text(record.notes)) > LONGEST):
        issues.append(warning("notes-cut", f"Deskripsi dipotong sampai {LONGEST} huruf.", "notes"))
    return notes, issues


def clean_licence(record: Record) -> tuple[str, list[Issue]]:
    """Return CKAN's id of the licence; one that nobody knows is dropped and said."""
    stated = one_line(record.license_id, 1000)
    code = vocabulary.licence(stated) or ""
    if code or stated.lower() in NOTHING:
        return code, []
    shown = stated[:80]
    return "", [warning("licence-unknown", f"Lisensi {shown!r} tidak dikenal dan dilewati.", "license_id", shown)]


def clean_page(record: Record, base: str) -> tuple[str, list[Issue]]:
    """Return the address of the record's page; one that is none of the web is dropped and said."""
    landing = addresses.web_address(record.landing_page, base)
    if landing or record.landing_page.strip().lower() in NOTHING:
        return landing, []
    shown = one_line(record.landing_page, 80)
    return "", [
        warning("page-no-url", f"Alamat halaman {shown!r} bukan alamat web dan dilewati.", "landingPage", shown)
    ]


def stated_words(stated: str) -> str:
    """Return the source's words about access; words of which nothing is left stay something that nobody knows."""
    words = one_line(stated, STATED_LONGEST + 1)
    if len(words) > STATED_LONGEST:
        return words[: STATED_LONGEST - 1].rstrip() + CUT
    return words or (GONE if stated.strip() else "")


def is_unreadable(words: str) -> bool:
    """Tell whether words about access were cut, or are none at all: what nobody can read whole decides nothing."""
    return words == GONE or words.endswith(CUT)


def normalise(record: Record, base: str = "") -> Record:
    """Return ``record`` clean. ``base`` is the address that relative URLs belong to when the record has no page."""
    landing, issues = clean_page(record, base)
    files, found = clean_files(record.resources, landing or base, base)
    issues += found
    title, found = clean_title(record, landing, files)
    issues += found
    notes, found = clean_notes(record)
    issues += found
    sdi, found = clean_fields(record.sdi)
    issues += found
    issued, found = clean_date(record, "issued")
    issues += found
    modified, found = clean_date(record, "modified")
    issues += found
    name, address, found = clean_contact(record)
    issues += found
    licence, found = clean_licence(record)
    issues += found
    tags, changed = clean_tags(record.tags)
    if changed:
        issues.append(warning("tags-repaired", "Kata kunci disesuaikan dengan aturan katalog.", "tags"))
    return dc.replace(
        record,
        title=title,
        identifier=key(record.identifier),
        notes=notes,
        landing_page=landing,
        publisher=one_line(record.publisher, TITLE_LONGEST),
        access_stated=stated_words(record.access_stated),
        license_id=licence,
        issued=issued,
        modified=modified,
        tags=tags,
        groups=tuple(group for item in record.groups if (group := one_line(item, NAME_LONGEST))),
        resources=files,
        contact_name=name,
        contact_email=address,
        sdi=sdi,
        issues=(*record.issues, *issues),
    )

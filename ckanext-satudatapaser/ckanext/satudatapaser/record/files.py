"""The files of a record: whole addresses, known formats, plain names; what is repaired or left out is said. Pure."""

from __future__ import annotations

import dataclasses as dc
import posixpath
from urllib.parse import urlsplit

from ckanext.satudatapaser.record import addresses, vocabulary
from ckanext.satudatapaser.record.model import Issue, Resource, warning
from ckanext.satudatapaser.record.text import one_line, paragraphs

MOST = 1000
"""Files of one dataset. CKAN writes and shows them all at once, so that more make its page unusable."""


def clean_files(files: tuple[Resource, ...], base: str, source: str) -> tuple[tuple[Resource, ...], list[Issue]]:
    """Return the usable, distinct files, and what was repaired. ``source`` is the address of the source itself."""
    kept: dict[tuple[str, str], Resource] = {}
    issues: list[Issue] = []
    for file in files[:MOST]:
        clean, found = clean_file(file, base, source)
        issues += found
        if clean:
            kept.setdefault((clean.url, clean.name), clean)
    if len(files) > MOST:
        text = f"Catatan memuat {len(files)} berkas; hanya {MOST} yang pertama dipakai."
        issues.append(warning("files-cut", text, "resources", str(len(files))))
    return tuple(kept.values()), issues


def clean_file(file: Resource, base: str, source: str) -> tuple[Resource | None, list[Issue]]:
    """Return the file with absolute URL, known format and plain texts, or None when it has no usable address."""
    url = addresses.web_address(file.url, base)
    if not url:
        given = one_line(file.url, 80)
        text = f"Berkas tanpa alamat yang sah dilewati ({given or 'kosong'!r})."
        return None, [warning("resource-no-url", text, "resources", given)]
    issues = []
    if url != file.url:
        issues.append(warning("url-repaired", f"Alamat berkas diperbaiki menjadi {url}.", "resources", url))
    if addresses.is_inner(url) and urlsplit(url).hostname != urlsplit(source).hostname:
        text = f"Alamat berkas {url} berada di jaringan dalam instansi dan tidak dapat dibuka masyarakat."
        issues.append(warning("url-internal", text, "resources", url))
    stated, media = one_line(file.format, 200), one_line(file.mimetype, 200)
    return dc.replace(
        file,
        url=url,
        name=one_line(file.name, 500) or one_line(addresses.last_part(url), 500) or "Berkas",
        description=paragraphs(file.description),
        format=file_format(stated, media, url),
        mimetype=media,
        source_id=one_line(file.source_id, 200),
    ), issues


def file_format(stated: str, media: str, url: str) -> str:
    """Return the format as stated, else by media type, else by the address' ending; unknown words as they are."""
    ending = posixpath.splitext(addresses.last_part(url))[1]
    known = (vocabulary.file_format(word) for word in (stated, media, ending) if word)
    return next((code for code in known if code), None) or one_line(stated.upper(), 30)

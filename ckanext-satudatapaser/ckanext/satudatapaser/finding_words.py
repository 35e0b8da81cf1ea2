"""Template helper: what was found of a record, and why a run ended early, in English where the page is English.

The engine writes each finding in Indonesian, with a stable code and the value that it is about; the sentence for a code is
here. A finding without one stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import fault_words


def _source() -> dict[str, str]:
    """Return sentences on what keeps a record out, by code."""
    return {
        "access-unknown": tk._(
            "The access class {value} is not known. State one at the source, or explain it in the settings."
        ),
        "organization-unmapped": tk._("The publisher {value} is not mapped to a data producer."),
        "title-missing": tk._("There is no title, and no file's name to take its place."),
        "organization-missing": tk._("The publisher is not mapped to a data producer."),
        "access-missing": tk._("There is no access class: open, limited or closed."),
        "licence-missing": tk._("There is no licence. State one, or set the source's default licence."),
        "content-missing": tk._("There is neither a description nor a file."),
        "identifier-twice": tk._("The identifier {value} belongs to another record of the same listing."),
        "personal-nik": tk._("A text seems to hold a NIK. Remove this personal data at the source."),
        "personal-npwp": tk._("A text seems to hold an NPWP. Remove this personal data at the source."),
        "personal-phone": tk._("A text seems to hold a private phone number. Remove this personal data at the source."),
        "personal-email": tk._("A text seems to hold a private mail address. Remove this personal data at the source."),
        "record-not-object": tk._("This record is no JSON object."),
    }


def _repairs() -> dict[str, str]:
    """Return sentences on what was repaired or left out, by code."""
    return {
        "date-unreadable": tk._("The date {value} cannot be read and was left out."),
        "licence-unknown": tk._("The licence {value} is not known and was left out."),
        "frequency-unknown": tk._("The update schedule {value} is not known and was left out."),
        "kind-unknown": tk._("The kind of data {value} is not known and was left out."),
        "value-unknown": tk._("The value {value} is not known and was left out."),
        "field-not-for-kind": tk._("The field {value} is not for this kind of data and was left out."),
        "period-reversed": tk._("The end of the period, {value}, lies before its beginning and was left out."),
        "title-cut": tk._("The title was too long and was cut."),
        "title-from-file": tk._("The title was empty; the file's name {value} took its place."),
        "title-from-page": tk._("The title was empty; the address of the page gave it: {value}."),
        "markup-removed": tk._("HTML code in title or description was removed."),
        "notes-cut": tk._("The description was too long and was cut."),
        "tags-repaired": tk._("Keywords were adapted to the rules of the catalogue."),
        "contact-personal": tk._("The contact's address is not that of an office and is not shown."),
        "contact-invalid": tk._("The contact's address is no mail address and was left out."),
        "page-no-url": tk._("The address of the page, {value}, is no web address and was left out."),
        "resource-no-url": tk._("A file without a usable address was left out: {value}."),
        "url-repaired": tk._("The address of a file was repaired: {value}."),
        "url-internal": tk._(
            "The address of a file lies inside the agency's network, where the public cannot open it: {value}."
        ),
        "files-cut": tk._("The record has too many files ({value}); the first ones are kept."),
    }


def _stops() -> dict[str, str]:
    """Return sentences on why a run ended early, by code."""
    return {
        "too-many-missing": tk._(
            "Too many records vanished at once. Other changes were written; nothing was archived."
        ),
        "identity-changed": tk._("The records came back under new identifiers. Nothing was written."),
        "cancelled": tk._("The run was cancelled. What it had written stays."),
        "run-died": tk._("The run broke off before its end."),
    }


def _english_text(code: str, value: str | None, values: Mapping[str, Any] | None) -> str:
    if tk.h.lang() == "id":
        return ""
    groups: tuple[Callable[[], dict[str, str]], ...] = (_source, _repairs, _stops, fault_words.sentences)
    sentence = next((found for group in groups if (found := group().get(code))), "")
    about = {} if value is None else {"value": f"“{value}”" if value else tk._("(empty)")}
    return fault_words.filled(sentence, {**(values or {}), **about})


def satudata_finding(code: str, message: str, value: str | None = None, values: Mapping[str, Any] | None = None) -> str:
    """Return what was found, in the reader's language where there is a sentence for its code.

    ``value``: what a finding is about; ``values``: those of an error (see SatuDataError).
    """
    return _english_text(code, value, values) or message


def satudata_finding_lang(
    code: str, message: str, value: str | None = None, values: Mapping[str, Any] | None = None
) -> str:
    """Return the language of what ``satudata_finding`` returns."""
    return "en" if _english_text(code, value, values) else "id"

"""Sentences on what went wrong with another server, a setting or this machine, by code; for English pages.

A sentence with {names} gets its values from the error that it tells of (see SatuDataError); one without is complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit as tk


def sentences() -> dict[str, str]:
    """Return them."""
    return _server() | _tls() | _settings() | _listing() | _remote() | _machine()


def filled(sentence: str, values: Mapping[str, Any]) -> str:
    """Return a sentence with its values; "" when it lacks one of them. A ``cause`` is an error as it was kept."""
    cause = values.get("cause")
    if isinstance(cause, Mapping):
        values = {**values, "cause": in_english(cause) or cause["message"]}
    try:
        return sentence.format(**values)
    except KeyError:
        return ""


def in_english(error: Mapping[str, Any]) -> str:
    """Return the English sentence of an error as it was kept; "" when there is none."""
    return filled(sentences().get(error["code"], ""), error.get("values") or {})


def _server() -> dict[str, str]:
    return {
        "address-refused": tk._("The server's name leads to an address that this installation does not allow."),
        "source-status": tk._("The server answered with status {status}, not 200: {said}"),
        "source-invalid-json": tk._("The answer is damaged JSON. It may have been cut off."),
        "source-invalid-rdf": tk._("The answer is damaged RDF. It may have been cut off."),
        "source-invalid-xml": tk._("The answer is damaged XML. It may have been cut off."),
        "source-xml-dtd": tk._("The XML has a DOCTYPE, which is never read."),
        "source-remote-context": tk._("The JSON-LD takes its context from another address, which is never asked."),
        "source-busy": tk._("The server is busy or asks to wait."),
        "source-closed": tk._("The server closed the connection without an answer."),
        "source-encoding": tk._("The answer is packed in a way that was not asked for, or damaged."),
        "source-name-unknown": tk._("The server's name is not known to DNS."),
        "source-no-body": tk._("The answer was empty."),
        "source-not-http": tk._("What answers there is no web server, or breaks its rules."),
        "source-not-json": tk._("A page came instead of data. Perhaps the address is wrong, or one must log in first."),
        "source-redirect-refused": tk._("The server sent us on to an address that is never asked."),
        "source-redirects": tk._("The server sent us on too many times."),
        "source-long": tk._("It was not read within the time that a page has."),
        "source-slow": tk._("The answer was not complete within the time limit."),
        "source-timeout": tk._("The server did not answer in time."),
        "source-too-big": tk._("The answer is larger than the limit."),
        "source-truncated": tk._("The answer broke off before it was whole."),
        "source-unreachable": tk._("No connection to the server could be made."),
    }


def _tls() -> dict[str, str]:
    return {
        "source-tls": tk._("No secure connection (TLS) could be opened."),
        "source-tls-expired": tk._("The server's certificate has expired or is not yet valid."),
        "source-tls-host": tk._("The server's certificate is for another name."),
        "source-tls-untrusted": tk._("The server's certificate is of an authority that is not known."),
    }


def _settings() -> dict[str, str]:
    return {
        "ca-invalid": tk._("The file named as ca_bundle holds no certificate."),
        "ca-missing": tk._("The file named as ca_bundle is not there."),
        "header-invalid": tk._("A key holds a sign that cannot be sent, such as a line end. Save it again."),
        "networks-invalid": tk._("The setting allow_networks has an entry that is no network."),
        "secret-missing": tk._("Nothing is saved under the secret's name."),
        "secret-name": tk._("The secret's name is not valid: lower-case letters, digits, - and _ only."),
        "secret-unreadable": tk._("The secret's file cannot be read."),
        "url-host": tk._("The address has no plain host name."),
        "url-invalid": tk._("The address cannot be read in one way only."),
        "url-port": tk._("The address has a port that cannot be used."),
        "url-scheme": tk._("The address begins with neither http:// nor https://, or has no host."),
        "url-userinfo": tk._("The address holds a user or password. Save the password as a secret and name it."),
    }


def _listing() -> dict[str, str]:
    """Return sentences on listings that cannot be relied on."""
    return {
        "source-empty": tk._("The listing is empty. If the source is, set allow_empty=true."),
        "source-short": tk._("The source gave fewer records than it said. Nothing is taken for missing."),
        "source-too-many": tk._("The source gave more records than max_records allows. Nothing was written."),
        "source-too-many-pages": tk._("The source gave more pages than max_pages allows."),
        "source-loop": tk._("The source repeats the same page or record again and again."),
        "source-changed": tk._("The listing changed while it was read. Try again later."),
        "source-not-ckan": tk._("What answers there is no CKAN. Check the source's address."),
        "source-not-datajson": tk._("The JSON has no list of datasets. Check the source's address."),
        "source-two-listings": tk._("The JSON has more than one list of datasets; which is whole is not known."),
        "source-csw-exception": tk._("The CSW refused the request. Check address, version and form of the source."),
        "source-oai-error": tk._("The OAI-PMH repository refused the request."),
        "record-form": tk._("The form of the metadata is not known; ISO 19139 and Dublin Core are read."),
    }


def _remote() -> dict[str, str]:
    """Return sentences on what a target of pushes answered."""
    return {
        "remote-refused": tk._("The target refused {action}: {said}"),
        "remote-too-big": tk._("The target refused {action}: too large. Lower the target's setting max_megabytes."),
        "remote-hidden": tk._("The target has this dataset, but does not show it to us. Ask those who run it."),
        "remote-forbidden": tk._("The target refuses our token, or the token has no right to do this."),
        "remote-error": tk._("The target answered {action} with status {status}. It is tried again later."),
        "remote-not-ckan": tk._("What answers there is no CKAN. Check the target's address."),
        "remote-gone": tk._("The target does not find what {action} was to write."),
        "remote-file-unmarked": tk._(
            "The target does not keep {field} with files, so none can be uploaded. Set files=link."
        ),
        "mapping-missing": tk._("The target's field mapping is not there."),
        "mapping-invalid": tk._("The target's field mapping {file} has a fault in line {line}."),
        "target-setting": tk._("The target's setting {setting} is not valid: {said}."),
        "already-running": tk._("The same is running already. Wait for its end, then start it again if needed."),
    }


def _machine() -> dict[str, str]:
    """Return sentences on this machine and on what it was told to do."""
    return {
        "index-unavailable": tk._("The search engine (Solr) takes no documents. What was written is kept."),
        "database-unavailable": tk._("The database broke the connection. What was written is kept."),
        "database-outdated": tk._("The database lacks a table or column. Run: bin/ckan db upgrade -p satudatapaser."),
        "write-refused": tk._("The catalogue refuses a field. {value}"),
        "write-failed": tk._("The record could not be written."),
        "identity-invalid": tk._("The setting identity is no valid JMESPath expression."),
        "schedule-invalid": tk._(
            "The schedule cannot be read. Five parts are expected: minute hour day month weekday."
        ),
        "notify-invalid": tk._("A recipient of notices is not valid: a mail or https address, or secret:NAME."),
        "setting-invalid": tk._("A setting has a value that it cannot have."),
        "setting-unknown": tk._("A setting is not known."),
        "table-is-html": tk._("The file's address answers with a web page, not with a table."),
        "table-empty": tk._("The file holds no table: a row of column names and content are expected."),
        "table-too-big": tk._("The table is larger than the limit."),
        "table-unreadable": tk._("The table cannot be read."),
    }

"""Sentences on what went wrong with another server or with a setting, by the codes of docs/outbound.md; for English pages."""

from __future__ import annotations

from ckan.plugins import toolkit as tk


def sentences() -> dict[str, str]:
    """Return them; a code whose message says more than a sentence can (a status, a place in the answer) has none."""
    return _server() | _tls() | _settings()


def _server() -> dict[str, str]:
    return {
        "address-refused": tk._("The server's name leads to an address that this installation does not allow."),
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

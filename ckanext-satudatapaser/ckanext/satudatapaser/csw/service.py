"""One question to pycsw: the records brought up to date, then the question passed on over its socket."""

from __future__ import annotations

import configparser
import http.client
import io
import os
import socket
from pathlib import Path

from ckanext.satudatapaser import config
from ckanext.satudatapaser.catalogue.portal import Portal, portal
from ckanext.satudatapaser.csw import listing, store

SOCKET, RECORDS, SETTINGS = "pycsw.sock", "records.db", "pycsw.cfg"
SECONDS = 60
Answer = tuple[int, str, bytes]


class Connection(http.client.HTTPConnection):
    """HTTP over a socket file: pycsw is reached by nobody but this machine's portal."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        super().__init__("localhost", timeout=seconds)
        self.path = path

    def connect(self) -> None:
        """Open the socket file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def folder() -> Path | None:
    """Return the folder that the portal shares with pycsw; None where the service is off."""
    return config.csw_dir()


def ask(folder: Path, method: str, query: str, body: bytes = b"") -> Answer:
    """Return status, content type and content; raises OSError or http.client.HTTPException when pycsw does not answer."""
    shared = portal()
    write_settings(folder, shared)
    store.bring_up_to_date(folder / RECORDS, listing.present(shared), listing.rows(shared))
    connection = Connection(folder / SOCKET)
    try:
        headers = {"Content-Type": "application/xml"} if body else {}
        connection.request(method, f"/csw?{query}" if query else "/csw", body or None, headers)
        response = connection.getresponse()
        return response.status, response.getheader("Content-Type") or "application/xml", response.read()
    finally:
        connection.close()


def answers(folder: Path, seconds: float = 5) -> bool:
    """Tell whether pycsw says anything within some seconds, as it does whatever its records are."""
    connection = Connection(folder / SOCKET, seconds)
    try:
        connection.request("GET", "/csw?service=CSW&version=2.0.2&request=GetCapabilities")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def write_settings(folder: Path, shared: Portal) -> None:
    """Write pycsw's configuration where it differs: address, title and contact are the portal's own."""
    folder.mkdir(parents=True, exist_ok=True)
    text, path = settings(folder, shared), folder / SETTINGS
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)


def settings(folder: Path, shared: Portal) -> str:
    """Return pycsw's configuration: no transactions, no harvesting, no other catalogues, a file that it may only read."""
    contact = ("address", "city", "stateorprovince", "postalcode", "phone", "fax", "hours", "instructions", "position")
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_dict({
        "server": {
            "home": "/", "url": f"{shared.url}/csw", "mimetype": "application/xml; charset=UTF-8", "encoding": "UTF-8",
            "language": "id-ID", "maxrecords": "100", "profiles": "apiso",
        },
        "manager": {"transactions": "false", "allowed_ips": ""},
        "metadata:main": {
            "identification_title": config.site_title(), "identification_abstract": config.site_description(),
            "identification_keywords": "satu data,geospasial", "identification_keywords_type": "theme",
            "identification_fees": "None", "identification_accessconstraints": "None",
            "provider_name": shared.distributor, "provider_url": shared.url, "contact_name": shared.distributor,
            "contact_country": "Indonesia", "contact_email": shared.email, "contact_url": shared.url,
            "contact_role": "pointOfContact", **{f"contact_{part}": "" for part in contact},
        },
        "metadata:inspire": {"enabled": "false"},
        "repository": {
            "database": f"sqlite:///file:{folder / RECORDS}?mode=ro&uri=true", "table": store.TABLE,
        },
    })  # fmt: skip
    text = io.StringIO()
    parser.write(text)
    return text.getvalue().replace("$", "$$")

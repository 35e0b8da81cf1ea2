"""Serve a folder of ISO 19139 and Dublin Core records by pycsw on loopback: CSW 2.0.2 and 3.0, and OAI-PMH.

Run by the Python of pycsw's own environment (see tests/pycsw_peer.py): FOLDER holds ``records/*.xml``; the port is printed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pycsw
from pycsw import wsgi
from pycsw.core import admin, config

CONFIG = """
[server]
home={home}
url=http://127.0.0.1:{port}/csw
mimetype=application/xml; charset=UTF-8
encoding=UTF-8
language=en-US
maxrecords=10
profiles=apiso
[manager]
transactions=false
allowed_ips=127.0.0.1
[metadata:main]
identification_title=Simpul jaringan peraga
identification_abstract=Data invented for tests
identification_keywords=spasial
identification_keywords_type=theme
identification_fees=None
identification_accessconstraints=None
provider_name=Simpul
provider_url=https://simpul.example.go.id
contact_name=Simpul
contact_position=Simpul
contact_address=Simpul
contact_city=Simpul
contact_stateorprovince=Simpul
contact_postalcode=0
contact_country=Indonesia
contact_phone=0
contact_fax=0
contact_email=simpul@example.go.id
contact_url=https://simpul.example.go.id
contact_hours=0
contact_instructions=0
contact_role=pointOfContact
[metadata:inspire]
enabled=false
[repository]
database={database}
table=records
"""


class Handler(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Leave the request out of the output."""


def main() -> None:
    """Load the records, print the port, serve until the process is ended."""
    folder = Path(sys.argv[1])
    database = f"sqlite:///{folder / 'records.db'}"
    admin.setup_db(database, "records", str(folder), create_sfsql_tables=False)
    admin.load_records(config.StaticContext(), database, "records", str(folder / "records"))
    server = make_server("127.0.0.1", 0, wsgi.application, handler_class=Handler)
    path = folder / "pycsw.cfg"
    path.write_text(CONFIG.format(home=Path(pycsw.__file__).parent, port=server.server_port, database=database))
    os.environ["PYCSW_CONFIG"] = str(path)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

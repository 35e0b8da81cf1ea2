"""A repository that speaks OAI-PMH 2.0 as the standard says: pages by tokens that stand alone and expire, deleted records."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from portal import Portal

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    '<responseDate>2026-11-24T00:00:00Z</responseDate><request verb="ListRecords">https://repo.example.ac.id/oai</request>'
)
CORE = (
    '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Data Penelitian {n}</dc:title>'
    "<dc:subject>padi; sawah</dc:subject><dc:description>Keterangan.</dc:description><dc:publisher>Universitas</dc:publisher>"
    "<dc:date>2025-03-01</dc:date><dc:identifier>https://repo.example.ac.id/data/{n}</dc:identifier>"
    "<dc:relation>https://repo.example.ac.id/berkas/{n}.csv</dc:relation></oai_dc:dc></metadata>"
)


class Repository(Portal):
    """``lifetime``: how many pages a token lives; ``deleted``: numbers of records that are marked as deleted."""

    PAGE = 3

    def __init__(self, records: int, deleted: Set[int] = frozenset(), lifetime: int = 100) -> None:
        super().__init__()
        self.count, self.deleted, self.lifetime = records, set(deleted), lifetime

    def answer(self, path: str, query: Mapping[str, Any]) -> tuple[int, str, bytes]:
        """Return status, content type and body."""
        return 200, "text/xml", f"{HEAD}{self.listing(query)}</OAI-PMH>".encode()

    def listing(self, query: Mapping[str, Any]) -> str:
        """Return what follows the request element."""
        if query.get("verb") != "ListRecords":
            return '<error code="badVerb">Illegal verb</error>'
        token = query.get("resumptionToken")
        if (token and len(query) > 2) or (not token and "metadataPrefix" not in query):
            return '<error code="badArgument">The argument is exclusive or missing</error>'
        if not token and query["metadataPrefix"] != "oai_dc":
            return '<error code="cannotDisseminateFormat">Not here</error>'
        if query.get("set"):
            return '<error code="noRecordsMatch">Nothing</error>'
        page = int(token.removeprefix("halaman-")) if token else 0
        if page > self.lifetime:
            return '<error code="badResumptionToken">The token has expired</error>'
        numbers = range(page * self.PAGE, min((page + 1) * self.PAGE, self.count))
        more = f"halaman-{page + 1}" if numbers.stop < self.count else ""
        last = f'<resumptionToken completeListSize="{self.count}" cursor="{numbers.start}">{more}</resumptionToken>'
        return f"<ListRecords>{''.join(map(self.record, numbers))}{last}</ListRecords>"

    def record(self, number: int) -> str:
        """Return one record."""
        header = f"<identifier>oai:repo.example.ac.id:{number}</identifier><datestamp>2026-11-01</datestamp>"
        if number in self.deleted:
            return f'<record><header status="deleted">{header}</header></record>'
        return f"<record><header>{header}</header>{CORE.format(n=number)}</record>"

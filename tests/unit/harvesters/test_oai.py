"""OAI-PMH answers as repositories give them, also those that do not keep to the standard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from answers import Bytes
from ckanext.satudatapaser.errors import RetryLater, SourceError
from ckanext.satudatapaser.harvesters import oai
from oai_repository import Repository

URL = "https://repo.example.ac.id/oai"
SPACE = 'xmlns="http://www.openarchives.org/OAI/2.0/"'


def repository(**how: Any) -> Bytes:
    found = Repository(**how)
    return Bytes(lambda query: found.answer("/oai", query)[2].decode())


def run(net: Bytes, url: str = URL, **settings: Any) -> list[Any]:
    return [json.loads(json.dumps(raw)) for page in oai.pages(url, settings, net) for raw in page.records]


def answer(*numbers: int, token: str | None = None, size: int | None = None) -> str:
    records = "".join(f"<record><header><identifier>{n}</identifier></header></record>" for n in numbers)
    said = f' completeListSize="{size}"' if size is not None else ""
    last = "" if token is None else f"<resumptionToken{said}>{token}</resumptionToken>"
    return f"<OAI-PMH {SPACE}><ListRecords>{records}{last}</ListRecords></OAI-PMH>"


def error(code: str) -> str:
    return f'<OAI-PMH {SPACE}><error code="{code}">Pesan</error></OAI-PMH>'


def test_tokens_lead_from_page_to_page_and_stand_alone() -> None:
    net = repository(records=7)
    assert len(run(net)) == 7
    assert [sorted(asked) for _, asked in net.asked] == [["metadataPrefix", "verb"], *[["resumptionToken", "verb"]] * 2]


def test_what_is_deleted_is_not_listed() -> None:
    assert [raw["id"][-1] for raw in run(repository(records=5, deleted={0, 3}))] == ["1", "2", "4"]


def test_every_part_of_a_record_finds_its_field() -> None:
    record = oai.to_record(run(repository(records=1))[0], {})
    assert (record.title, record.identifier) == ("Data Penelitian 0", "oai:repo.example.ac.id:0")
    assert (record.tags, record.publisher, record.issued) == (("padi", "sawah"), "Universitas", "2025-03-01")
    assert record.landing_page == "https://repo.example.ac.id/data/0"
    assert [file.url for file in record.resources] == ["https://repo.example.ac.id/berkas/0.csv"]
    assert (record.access, record.access_stated, record.modified) == (None, "", "2026-11-01")


def test_set_and_prefix_are_asked_for_and_a_pasted_request_is_cut() -> None:
    net = Bytes(answer(1))
    run(net, f"{URL}?verb=Identify", set="data", metadata_prefix="oai_datacite")
    assert net.asked == [(URL, {"verb": "ListRecords", "metadataPrefix": "oai_datacite", "set": "data"})]


def test_nothing_matches_is_an_empty_listing_only_at_first() -> None:
    assert run(Bytes(error("noRecordsMatch"))) == []
    with pytest.raises(SourceError, match="noRecordsMatch"):
        run(Bytes(answer(1, token="a"), error("noRecordsMatch")))


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([answer(1, token="a"), answer(2, token="a")], "source-loop"),
        ([answer(1, token="a"), answer(1, token="b")], "source-loop"),
        ([answer(1, 2, token="a"), answer(2, 3)], "source-changed"),
        ([answer(1, token="a", size=9), answer(2, token="", size=9)], "source-short"),
        ([answer(1, token="a", size=9), answer(2)], "source-short"),
        ([answer(1, token="a", size=9), answer(2, token="b", size=5)], "source-changed"),
        ([answer(1, token="a"), answer(2, token="b"), answer(3, token="c")], "source-too-many-pages"),
        ([answer(1, token="a"), error("badResumptionToken")], "source-oai-error"),
        ([error("badArgument")], "source-oai-error"),
        (["<rss/>"], "source-not-oai"),
        ([f"<OAI-PMH {SPACE}><Identify/></OAI-PMH>"], "source-not-oai"),
    ],
)
def test_a_listing_that_cannot_be_trusted_never_ends_well(answers: list[str], code: str) -> None:
    with pytest.raises((SourceError, RetryLater)) as found:
        run(Bytes(*answers), max_pages=3)
    assert found.value.code == code
    assert URL in found.value.message


def test_a_server_that_wants_the_prefix_beside_its_token_gets_it() -> None:
    net = Bytes(answer(1, token="11", size=2), error("badArgument"), answer(2, token="0", size=2))
    assert [raw["id"] for raw in run(net)] == ["1", "2"]
    assert net.asked[-1][1] == {"verb": "ListRecords", "resumptionToken": "11", "metadataPrefix": "oai_dc"}


def test_token_0_is_the_end_only_when_all_records_came() -> None:
    net = Bytes(answer(1, token="0", size=2), answer(2, token="", size=2))
    assert [raw["id"] for raw in run(net)] == ["1", "2"]


@pytest.mark.parametrize(
    ("rights", "access", "licence"),
    [
        (["info:eu-repo/semantics/openAccess", "CC BY 4.0"], "terbuka", "CC BY 4.0"),
        (["http://purl.org/coar/access_right/c_f1cf"], "tertutup", ""),
        (["openAccess", "Closed Access"], "tertutup", ""),
        (["restrictedAccess"], "terbatas", ""),
        (["Hak cipta universitas"], None, "Hak cipta universitas"),
    ],
)
def test_rights_hold_class_and_licence(rights: list[str], access: str | None, licence: str) -> None:
    record = oai.to_record({"id": "1", "dc": {"title": ["Judul"], "rights": rights}}, {})
    assert (record.access, record.license_id) == (access, licence)

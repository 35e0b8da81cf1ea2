"""Documents that are written to do harm, or that end before they should: what no kind may be led to."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.harvesters import _iso, _rdf, _xml, dcat, oai
from portal import Portal

DATASET = "http://www.w3.org/ns/dcat#Dataset"


class Answers:
    """Stands for the network: bodies in order."""

    def __init__(self, *bodies: bytes) -> None:
        self.bodies = list(bodies)

    def get_json(self, url: str, params: Any = None, headers: Any = None) -> Any:
        raise AssertionError("these kinds read bytes")

    def get_bytes(self, url: str, params: Any = None, headers: Any = None) -> bytes:
        return self.bodies.pop(0)


def page(*identifiers: str, end: str = "") -> bytes:
    """Return an answer of ListRecords; ``end`` is its token's element."""
    records = "".join(
        f"<record><header><identifier>{name}</identifier></header><metadata><dc><title>{name}</title></dc></metadata></record>"
        for name in identifiers
    )
    return f"<OAI-PMH><ListRecords>{records}{end}</ListRecords></OAI-PMH>".encode()


@pytest.mark.parametrize(
    "context",
    [
        "{0}/c",
        ["{0}/c"],
        [["{0}/c"]],
        [[[{"@import": "{0}/c"}]]],
        {"@context": [["{0}/c"]]},
        {"d": {"@id": "http://x/d", "@context": [["{0}/c"]]}},
    ],
)
def test_no_context_of_json_ld_is_fetched_however_deep_it_lies(portal: Portal, context: Any) -> None:
    context = json.loads(json.dumps(context).replace("{0}", portal.url))
    document = {"@context": context, "@id": "http://x/1", "@type": DATASET, "d": {"@id": "http://x/2"}}
    with pytest.raises(SourceError) as error:
        _rdf.read(json.dumps(document).encode(), f"{portal.url}/katalog")
    assert error.value.code == "source-remote-context"
    assert portal.requests == []


def test_a_context_inside_the_document_is_read() -> None:
    document = {"@context": [{"dcat": "http://www.w3.org/ns/dcat#"}], "@id": "http://x/1", "@type": "dcat:Dataset"}
    assert len(_rdf.datasets(_rdf.read(json.dumps(document).encode(), "http://h"))) == 1


def test_a_short_number_does_not_become_a_long_text() -> None:
    number = '"1E9000000"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    said = f"<http://x/1> a <{DATASET}>; <http://purl.org/dc/terms/title> {number} ."
    assert _rdf.datasets(_rdf.read(said.encode(), "http://h"))[0]["title"] == ["1E9000000"]


def test_open_comments_before_a_document_type_cost_no_more_than_their_length() -> None:
    """Were it the square of that, this would run into the time limit of all tests."""
    with pytest.raises(SourceError):
        _xml.parse(b"<a>" + b"<!--" * 400_000 + b"<!DOCTYPE", "http://h", "oai")


@pytest.mark.parametrize("encoding", ["undefined", "idna", "utf-16", "entah"])
def test_an_odd_encoding_ends_with_a_document_or_a_message(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><a>é..x</a>'.encode()
    assert _xml.parse(body, "http://h", "oai").tag == "a"


def test_a_list_that_ends_without_a_token_is_held_to_the_size_it_stated_before() -> None:
    first = page("a", "b", end='<resumptionToken completeListSize="9">t</resumptionToken>')
    with pytest.raises(SourceError) as error:
        list(oai.pages("http://h", {}, Answers(first, page("c", "d"))))
    assert error.value.code == "source-short"


def test_an_element_called_error_inside_a_record_is_no_error_of_the_protocol() -> None:
    body = page("a").replace(b"<title>", b"<error>x</error><title>")
    assert len(next(iter(oai.pages("http://h", {}, Answers(body)))).records) == 1


@pytest.mark.parametrize(
    ("words", "access"),
    [
        ("Hanya untuk pegawai dinas/unrestricted", None),
        ("unrestricted", "terbuka"),
        ("http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations", "terbuka"),
        ("secret", "tertutup"),
    ],
)
def test_only_a_code_opens_a_geographic_record_not_the_end_of_a_sentence(words: str, access: str | None) -> None:
    record = _iso.record_of({"title": "x", "limitations-on-public-access": [words]}, {})
    assert (record.access, record.access_stated) == (access, words)


@pytest.mark.parametrize("words", ["Rahasia / licence", "confidential/copyright"])
def test_a_sentence_that_ends_like_a_code_of_rights_still_states_something(words: str) -> None:
    assert _iso.record_of({"title": "x", "limitations-on-public-access": [words]}, {}).access_stated == words


CLOSED = {"@id": "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC"}


@pytest.mark.parametrize(
    "raw",
    [
        {"accessRights": ["public"], "distribution": [{"accessURL": ["http://x/a.csv"], "accessRights": [CLOSED]}]},
        {"accessRights": ["public"], "rights": ["tertutup"]},
        {"rights": ["tertutup"]},
    ],
)
def test_what_any_part_of_a_dcat_record_closes_stays_closed(raw: dict[str, Any]) -> None:
    assert dcat.to_record({"@id": "http://x/1", "title": ["x"], **raw}, {}).access == "tertutup"


def test_sentences_about_rights_state_no_class_and_may_name_the_licence() -> None:
    record = dcat.to_record({"title": ["x"], "accessRights": ["public"], "rights": ["Atribusi wajib"]}, {})
    assert (record.access, record.license_id) == ("terbuka", "Atribusi wajib")


def test_indonesian_with_a_country_comes_before_english() -> None:
    title = [{"@value": "Count", "@language": "en"}, {"@value": "Jumlah", "@language": "id-id"}]
    assert dcat.to_record({"title": title}, {}).title == "Jumlah"


def test_values_of_rdf_come_in_one_order_however_the_graph_keeps_them() -> None:
    values = ["Sekolah", "sekolah", " SEKOLAH ", {"@id": "http://x/1"}]
    orders = {json.dumps(sorted(mixed, key=_rdf._order)) for mixed in itertools.permutations(values)}
    assert orders == {json.dumps(["Sekolah", " SEKOLAH ", "sekolah", {"@id": "http://x/1"}])}

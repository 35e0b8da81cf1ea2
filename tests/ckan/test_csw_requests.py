"""Every kind of question that CSW 2.0.2 and 3.0 know is answered by its kind of answer, wrong ones by an exception.

With ``--pycsw-suites`` pycsw's own functional requests are sent as well, and held to the kinds of answer that it expects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from served import serving

pytestmark = [pytest.mark.ckan, pytest.mark.search]
SUITES = ("default", "apiso", "cite", "csw30", "oaipmh", "utf-8", "opensearcheo", "atom")
GMD = "http://www.isotc211.org/2005/gmd"
FILTER = "<ogc:Filter xmlns:ogc='http://www.opengis.net/ogc' xmlns:gml='http://www.opengis.net/gml'>{}</ogc:Filter>"
TITLE, YEAR = "<ogc:PropertyName>dc:title</ogc:PropertyName>", "<ogc:PropertyName>dc:date</ogc:PropertyName>"
LIKE = (f"<ogc:PropertyIsLike wildCard='%' singleChar='_' escapeChar='!'>{TITLE}<ogc:Literal>%jalan-1%</ogc:Literal>"
        "</ogc:PropertyIsLike>")  # fmt: skip
EQUAL = f"<ogc:PropertyIsEqualTo>{TITLE}<ogc:Literal>Peta jalan-3</ogc:Literal></ogc:PropertyIsEqualTo>"
POST = ("<csw:GetRecords xmlns:csw='http://www.opengis.net/cat/csw/2.0.2' service='CSW' version='2.0.2' resultType='{}' "
        "maxRecords='5'><csw:Query typeNames='csw:Record'><csw:ElementSetName>{}</csw:ElementSetName>{}</csw:Query>"
        "</csw:GetRecords>")  # fmt: skip


@pytest.fixture
def client(site_app: Any, records: dict[str, Any], folder: Path) -> Iterator[Any]:
    """A program that knows nothing but the address of the portal's CSW."""
    with serving(site_app, {"ckanext.satudatapaser.csw_dir": str(folder)}):
        yield site_app.flask_app.test_client()


def kind(content: bytes) -> tuple[str, ...]:
    """Return the name of an answer's root and the codes of the exceptions or errors in it."""
    if content.lstrip().startswith(b"{"):
        return ("JSON", *json.loads(content))
    root = etree.fromstring(content)
    named = [(etree.QName(element).localname, element) for element in root.iter() if isinstance(element.tag, str)]
    codes = [
        element.get("exceptionCode") or element.get("code") for name, element in named if name in ("Exception", "error")
    ]
    return (named[0][0], *map(str, codes))


def matched(content: bytes) -> int:
    """Return how many records an answer says there are."""
    (found,) = etree.fromstring(content).xpath("//@numberOfRecordsMatched")
    return int(found)


def total(content: bytes) -> int:
    """Return how many records a feed of OpenSearch says there are."""
    (found,) = etree.fromstring(content).xpath("//*[local-name()='totalResults']/text()")
    return int(found)


BOTH = ("2.0.2", "3.0.0")
ANSWERS = [
    ({"request": "GetCapabilities"}, "Capabilities"),
    ({"request": "GetCapabilities", "sections": "ServiceIdentification,Filter_Capabilities"}, "Capabilities"),
    ({"request": "GetDomain", "parametername": "GetRecords.resultType"}, "GetDomainResponse"),
    ({"request": "GetRecords", "typeNames": "csw:Record", "elementSetName": "brief", "resultType": "results"},
     "GetRecordsResponse"),
    ({"request": "GetRecords", "typeNames": "csw:Record", "elementSetName": "full", "sortBy": "dc:title:D",
      "resultType": "results", "startPosition": "3", "maxRecords": "2"}, "GetRecordsResponse"),
    ({"request": "GetRecords", "typeNames": "csw:Record", "outputSchema": GMD, "elementSetName": "full",
      "resultType": "results"}, "GetRecordsResponse"),
]  # fmt: skip


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize(("asked", "expected"), ANSWERS, ids=str)
def test_a_question_in_the_address_has_its_answer(
    client: Any, version: str, asked: dict[str, str], expected: str
) -> None:
    answer = client.get("/csw", query_string={"service": "CSW", "version": version, **asked})
    assert (answer.status_code, kind(answer.data)) == (200, (expected,))


@pytest.mark.parametrize(("version", "asked", "expected"), [
    ("2.0.2", {"request": "DescribeRecord"}, "DescribeRecordResponse"),
    ("2.0.2", {"request": "GetDomain", "propertyname": "dc:title"}, "GetDomainResponse"),
    ("3.0.0", {"request": "GetDomain", "valuereference": "dc:title"}, "GetDomainResponse"),
])  # fmt: skip
def test_what_one_version_alone_knows_is_answered_there(
    client: Any, version: str, asked: dict[str, str], expected: str
) -> None:
    answer = client.get("/csw", query_string={"service": "CSW", "version": version, **asked})
    assert kind(answer.data) == (expected,)


@pytest.mark.parametrize(("constraint", "found"), [
    ("", 12), (FILTER.format(LIKE), 3), (FILTER.format(EQUAL), 1), (FILTER.format(f"<ogc:Not>{EQUAL}</ogc:Not>"), 11),
    (FILTER.format(f"<ogc:And>{LIKE}{EQUAL}</ogc:And>"), 0), (FILTER.format(f"<ogc:Or>{LIKE}{EQUAL}</ogc:Or>"), 4),
    (FILTER.format(f"<ogc:PropertyIsBetween>{YEAR}<ogc:LowerBoundary><ogc:Literal>2025-01-01</ogc:Literal></ogc:LowerBoundary>"
                   "<ogc:UpperBoundary><ogc:Literal>2999-01-01</ogc:Literal></ogc:UpperBoundary></ogc:PropertyIsBetween>"), 12),
])  # fmt: skip
@pytest.mark.parametrize("how", ["address", "body"])
def test_a_filter_finds_what_it_says(client: Any, how: str, constraint: str, found: int) -> None:
    if how == "address":
        asked = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record",
                 "resultType": "results", "elementSetName": "brief"}  # fmt: skip
        limits = {"constraint": constraint, "constraintLanguage": "FILTER", "constraint_language_version": "1.1.0"}
        answer = client.get("/csw", query_string={**asked, **(limits if constraint else {})})
    else:
        limit = f"<csw:Constraint version='1.1.0'>{constraint}</csw:Constraint>" if constraint else ""
        answer = client.post("/csw", data=POST.format("results", "summary", limit), content_type="application/xml")
    assert kind(answer.data) == ("GetRecordsResponse",)
    assert matched(answer.data) == found


@pytest.mark.parametrize(("asked", "code"), [
    ({"request": "GetRecords"}, "MissingParameterValue"),
    ({"service": "WMS", "request": "GetCapabilities"}, "InvalidParameterValue"),
    ({"service": "CSW", "request": "GetRekaman"}, "InvalidParameterValue"),
    ({"service": "CSW", "version": "9.9", "request": "GetRecords"}, "InvalidParameterValue"),
    ({"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "x:Tidak", "elementSetName": "full"},
     "InvalidParameterValue"),
    ({"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record", "elementSetName": "full",
      "outputSchema": "http://example.go.id/tidak"}, "InvalidParameterValue"),
    ({"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record", "elementSetName": "full",
      "constraintLanguage": "CQL_TEXT", "constraint": "ini bukan cql"}, "InvalidParameterValue"),
    ({"service": "CSW", "version": "2.0.2", "request": "Harvest"}, "OperationNotSupported"),
])  # fmt: skip
def test_a_wrong_question_is_answered_by_an_exception(client: Any, asked: dict[str, str], code: str) -> None:
    answer = client.get("/csw", query_string=asked)
    assert kind(answer.data)[0] == "ExceptionReport"
    assert code in kind(answer.data)
    assert answer.status_code < 500


UPDATED = ("<csw:GetCapabilities xmlns:csw='http://www.opengis.net/cat/csw/2.0.2' service='CSW' version='2.0.2' "
           "updateSequence='bukan-bilangan'/>")  # fmt: skip


@pytest.mark.parametrize("version", BOTH)
def test_an_update_sequence_is_left_aside_as_there_is_none(client: Any, version: str) -> None:
    asked = {"service": "CSW", "version": version, "request": "GetCapabilities", "updatesequence": "bukan-bilangan"}
    assert kind(client.get("/csw", query_string=asked).data) == ("Capabilities",)


def test_a_question_that_pycsw_fails_over_is_answered_in_the_words_of_csw(client: Any) -> None:
    answer = client.post("/csw", data=UPDATED, content_type="application/xml")
    assert kind(answer.data) == ("ExceptionReport", "NoApplicableCode")


def test_records_that_cannot_be_kept_are_said(client: Any, folder: Path) -> None:
    path = folder / "records.db"
    kept = path.read_bytes()
    path.write_bytes(b"bukan basis data" * 100)
    try:
        answer = client.get("/csw", query_string={"service": "CSW", "request": "GetCapabilities"})
    finally:
        path.write_bytes(kept)
    assert (answer.status_code, kind(answer.data)) == (503, ("ExceptionReport", "NoApplicableCode"))


def test_a_search_of_opensearch_has_a_period(client: Any) -> None:
    asked = {"mode": "opensearch", "service": "CSW", "version": "2.0.2", "request": "GetRecords", "typenames": "csw:Record",
             "elementsetname": "full", "resulttype": "results"}  # fmt: skip
    answers = [client.get("/csw", query_string={**asked, **period}).data
               for period in ({}, {"time": "2999-01-01/2999-12-31"})]  # fmt: skip
    assert [total(answer) for answer in answers] == [12, 0]


def test_nothing_can_be_written(client: Any, records: dict[str, Any]) -> None:
    text = ("<csw:Transaction xmlns:csw='http://www.opengis.net/cat/csw/2.0.2' service='CSW' version='2.0.2'>"
            "<csw:Delete typeName='csw:Record'><csw:Constraint version='1.1.0'>" + FILTER.format(LIKE) +
            "</csw:Constraint></csw:Delete></csw:Transaction>")  # fmt: skip
    answer = client.post("/csw", data=text, content_type="application/xml")
    assert kind(answer.data) == ("ExceptionReport", "OperationNotSupported")
    answer = client.post("/csw", data=POST.format("hits", "brief", ""), content_type="application/xml")
    assert matched(answer.data) == len(records)


def suite(place: Path) -> Iterator[tuple[str, str, str | bytes]]:
    """Yield method, name and question of the requests of one of pycsw's suites."""
    listed = place / "get" / "requests.txt"
    for line in listed.read_text().splitlines() if listed.exists() else []:
        if line.strip() and not line.startswith("#"):
            name, query = line.split(",", 1)
            yield "get", name, query
    for path in sorted(place.glob("post/*.xml")):
        yield "post", path.stem, path.read_bytes()


def expected(place: Path, method: str, name: str) -> tuple[str, ...]:
    """Return the kind of answer that a request must get here: pycsw's own but for one."""
    if name == "Transaction-delete":
        return "ExceptionReport", "OperationNotSupported"  # there its records are protected; here nothing is written
    return kind((place / "expected" / f"{method}_{name}.xml").read_bytes())


def names_a_record(question: str | bytes) -> bool:
    """Tell whether a question asks for pycsw's own records by their ids."""
    text = (question if isinstance(question, str) else question.decode()).lower()
    return "getrecordbyid" in text or "getrepositoryitem" in text or "recordids" in text


@pytest.mark.parametrize("name", SUITES)
def test_pycsws_own_requests_are_answered_by_the_same_kinds(
    client: Any, request: pytest.FixtureRequest, name: str
) -> None:
    folder = request.config.getoption("--pycsw-suites")
    if not folder:
        pytest.skip("pycsw's requests are its own: name their folder with --pycsw-suites")
    place, different, sent = Path(folder) / name, [], 0
    for method, asked, question in suite(place):
        sent += 1
        answer = (
            client.get(f"/csw?{question}") if method == "get"
            else client.post("/csw", data=question, content_type="application/xml")
        )  # fmt: skip
        found, wanted = kind(answer.data), expected(place, method, asked)
        if found == ("ExceptionReport", "NotFound") and names_a_record(question):
            continue
        if answer.status_code >= 500 or found != wanted:
            different.append((method, asked, answer.status_code, found, wanted))
    assert sent
    assert different == []

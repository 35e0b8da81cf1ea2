"""What is let through to pycsw and what is not."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from ckanext.satudatapaser.csw import front

FILTER = '<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml">{}</ogc:Filter>'
NEAR = "<ogc:DWithin><gml:pos>{}</gml:pos><ogc:Distance>{}</ogc:Distance></ogc:DWithin>"
RECORDS = '<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">{}</csw:GetRecords>'


def test_parameters_that_csw_does_not_define_are_left_out() -> None:
    given = [
        ("Service", "CSW"),
        ("config", "/etc/passwd"),
        ("responsehandler", "mailto:a@example.go.id"),
    ]
    assert parse_qs(front.query(given)) == {"service": ["CSW"]}


def test_another_protocol_than_is_offered_is_refused() -> None:
    assert front.query([("Mode", "oaipmh")]) == "mode=oaipmh"
    with pytest.raises(front.Refused, match="oaipmh or opensearch"):
        front.query([("mode", "sru")])


def test_a_search_for_the_word_config_is_a_search() -> None:
    assert front.query([("q", "config")]) == "q=config"


@pytest.mark.parametrize(
    ("where", "distance"), [("116 -1", "1') or 1=1 --"), ("116 -1') union select 1 --", "1"), ("116 -1", "")]
)
def test_only_numbers_come_where_the_query_is_text(where: str, distance: str) -> None:
    given = FILTER.format(NEAR.format(where, distance)).replace("<ogc:Distance></ogc:Distance>", "")
    if distance:
        with pytest.raises(front.Refused):
            front.query([("constraint", given)])
        with pytest.raises(front.Refused):
            front.body(given.encode())
    else:
        assert b"116 -1" in front.body(given.encode())


@pytest.mark.parametrize("name", ["bbox", "startPosition", "maxRecords"])
def test_numbers_in_the_address_are_numbers(name: str) -> None:
    assert front.query([(name, "1,-2.5,urn:ogc:def:crs:EPSG::4326")])
    with pytest.raises(front.Refused):
        front.query([(name, "1' or 1=1")])


@pytest.mark.parametrize(
    "given",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        b"<a>",
        b"",
        b"<a>" * (front.MAX_DEPTH + 2) + b"</a>" * (front.MAX_DEPTH + 2),
        b"<a>" + b" " * front.MAX_BODY + b"</a>",
    ],
)
def test_what_is_not_plain_small_xml_is_refused(given: bytes) -> None:
    with pytest.raises(front.Refused):
        front.body(given)


def test_nobody_is_mailed_and_no_other_catalogue_asked() -> None:
    given = RECORDS.format(
        "<csw:ResponseHandler>mailto:a@example.go.id</csw:ResponseHandler><csw:Query/><csw:DistributedSearch/>"
    )
    found = front.body(given.encode())
    assert [word in found for word in (b"ResponseHandler", b"DistributedSearch", b"Query")] == [False, False, True]


def test_a_long_query_is_refused() -> None:
    with pytest.raises(front.Refused):
        front.query([("q", "a" * (front.MAX_QUERY + 1))])

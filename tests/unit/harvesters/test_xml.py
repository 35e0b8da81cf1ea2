"""XML from strangers never makes us expand entities or fetch anything, however its document type is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.harvesters._paging import endpoint
from ckanext.satudatapaser.harvesters._xml import parse, words

URL = "https://a.example.go.id/oai"
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        LAUGHS + "]><r>&a9;</r>",
        LAUGHS + ']><r x="&a9;"/>',
        '<!DOCTYPE r SYSTEM "http://169.254.169.254/x.dtd"><r/>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><r/>',
        "<!-- catatan --><?x y?>\n<!DOCTYPE r><r/>",
        "<!-- <!DOCTYPE x> --><!DOCTYPE r><r/>",
    ],
)
def test_a_document_type_is_refused(text: str, encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    with pytest.raises(SourceError) as error:
        parse((declared + text).encode(encoding), URL, "oai")
    assert error.value.code == "source-xml-dtd"


def test_the_words_of_a_document_type_inside_a_text_are_harmless() -> None:
    assert words(parse(b"<r><![CDATA[<!DOCTYPE x>]]></r>", URL, "oai")) == "<!DOCTYPE x>"


def test_an_entity_that_nobody_declares_is_a_fault_of_the_document() -> None:
    with pytest.raises(SourceError) as error:
        parse(b"<r>&rahasia;</r>", URL, "oai")
    assert error.value.code == "source-invalid-xml"


def test_no_file_is_read_by_xinclude_or_stylesheet(tmp_path: Path) -> None:
    (tmp_path / "rahasia").write_text("rahasia")
    address = (tmp_path / "rahasia").as_uri()
    text = f'<?xml-stylesheet href="{address}"?><r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{address}"/></r>'
    assert words(parse(text.encode(), URL, "oai")) == ""


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.id/csw?service=CSW&request=GetCapabilities&version=2.0.2", "https://a.id/csw"),
        ("https://a.id/cgi?map=/x.map&SERVICE=CSW", "https://a.id/cgi?map=%2Fx.map"),
        ("https://a.id/csw#bagian", "https://a.id/csw"),
    ],
)
def test_a_pasted_request_is_cut_to_the_address_of_its_service(given: str, kept: str) -> None:
    assert endpoint(given, ("service", "request", "version")) == kept

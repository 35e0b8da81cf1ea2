"""What a source's own words about access mean, in every kind that reads free text: explained is known, closed stays closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckanext.satudatapaser.harvesters import _dublincore, _iso, dcat
from ckanext.satudatapaser.record.model import Record

SENTENCE = "Hanya untuk keperluan internal, kecuali izin tertulis."
Make = Callable[..., Record]


def iso(settings: dict[str, Any], *sentences: str) -> Record:
    return _iso.record_of({"title": "x", "limitations-on-public-access": list(sentences)}, settings)


def dublin_core(settings: dict[str, Any], *sentences: str) -> Record:
    return _dublincore.record_of({"dc": {"title": ["x"], "rights": list(sentences)}}, settings)


def rdf(settings: dict[str, Any], *sentences: str) -> Record:
    return dcat.to_record({"title": "x", "accessRights": list(sentences)}, settings)


def rdf_rights(settings: dict[str, Any], *sentences: str) -> Record:
    return dcat.to_record({"title": "x", "rights": list(sentences)}, settings)


KINDS = pytest.mark.parametrize("make", [iso, dublin_core, rdf, rdf_rights])


@KINDS
def test_a_sentence_that_is_explained_is_known(make: Make) -> None:
    assert make({}, SENTENCE).access is None
    record = make({"access_words": {SENTENCE.upper().rstrip("."): "terbatas"}}, SENTENCE)
    assert (record.access, record.access_stated) == ("terbatas", SENTENCE)


@KINDS
def test_an_explanation_opens_nothing_that_another_word_closes(make: Make) -> None:
    explained = {"access_words": {SENTENCE: "terbuka", "tertutup": "terbuka"}}
    assert make(explained, SENTENCE).access == "terbuka"
    assert make(explained, SENTENCE, "tertutup").access == "tertutup"


@pytest.mark.parametrize("make", [iso, rdf])
def test_one_sentence_that_nobody_knows_keeps_the_class_unknown(make: Make) -> None:
    assert make({"access_words": {SENTENCE: "terbuka"}}, SENTENCE, "Hubungi dinas").access is None

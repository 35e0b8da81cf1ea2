"""Kinds of source, one file each. This file is the contract that every kind keeps.

A kind is a module, found by the entry point group ``satudatapaser.kinds``, with

* ``TITLE``: its name for people;
* ``SETTINGS``: the settings it knows beside those that every kind knows (a tuple of ``Setting``);
* ``pages(url, settings, net)``: yields the listing a ``Page`` at a time. Returning normally says "this was the
  complete listing"; whatever else happens is an exception (``SourceError``, ``RetryLater``);
* ``changes(url, settings, net, since)``, where the protocol can tell: the pages of what changed since the source's own stamp
  ``since`` (a ``Page.newest`` of an earlier run), or None when this source cannot tell after all;
* ``to_record(raw, settings)``: maps one raw record to a ``Record``; raises ``RejectRecord`` if it cannot.

A kind knows neither CKAN nor the database, keeps no state, and opens no connection but through ``net``.
"""

from __future__ import annotations

import dataclasses as dc
import functools
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from importlib.metadata import EntryPoints, entry_points
from typing import Any, Protocol, cast

from ckanext.satudatapaser.record.model import Raw, Record


@dc.dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting of a kind: forms, validation and docs are made from it.

    ``type`` is "text", "bool", "int", "float", "choice", "list", "json" or "secret" (the NAME of a secret, never its value).
    ``label`` and ``help`` are Indonesian, ``label_en`` and ``help_en`` say the same on English pages (which show the Indonesian
    words without them).
    """

    name: str
    type: str = "text"
    label: str = ""
    help: str = ""
    default: Any = None
    choices: tuple[str, ...] = ()
    label_en: str = ""
    help_en: str = ""


@dc.dataclass(frozen=True, slots=True)
class Page:
    """A part of a listing. ``total`` is how many records the source claims to have in all, if it says so.

    ``newest`` is the source's own stamp of its newest change on the page, in a form that sorts, if it has one.
    """

    records: list[Raw]
    total: int | None = None
    where: str = ""
    newest: str = ""


class JsonList(Protocol):
    """A long list in a JSON document, given a few items at a time (lists of items)."""

    found: bool
    keys: list[str]
    count: int

    def __iter__(self) -> Iterator[list[Any]]:
        """Yield the items."""


class Net(Protocol):
    """What a kind may do with the network; the guarded session implements it, tests pass recorded answers."""

    def get_json(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the parsed JSON at ``url``; raise SourceError (what was expected, what came) or RetryLater."""

    def get_json_list(self, url: str, names: Collection[str]) -> AbstractContextManager[JsonList]:
        """Give the first list under one of ``names`` in the JSON object at ``url``, or the list that stands there."""

    def get_bytes(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return the body at ``url``, within the size limit."""


class Kind(Protocol):
    """What a kind's module offers; see the module text above."""

    TITLE: str
    SETTINGS: tuple[Setting, ...]

    def pages(self, url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
        """Yield the source's listing page by page."""

    def to_record(self, raw: Raw, settings: Mapping[str, Any]) -> Record:
        """Map one raw record."""


@functools.cache
def _installed() -> EntryPoints:
    # the metadata of every installed package is read for this
    return entry_points(group="satudatapaser.kinds")


def kind_names() -> list[str]:
    """Return the names of the installed kinds; another package can bring one through the same entry point."""
    return sorted(_installed().names)


@functools.cache
def load_kind(name: str) -> Kind:
    """Return the kind called ``name``; raises KeyError. Only its own libraries are loaded: some kinds bring heavy ones."""
    return cast(Kind, _installed()[name].load())


def load_kinds() -> dict[str, Kind]:
    """Return every installed kind by its name."""
    return {name: load_kind(name) for name in kind_names()}


def declared_settings(kind: Kind) -> tuple[Setting, ...]:
    """Return all settings that sources of ``kind`` may have."""
    from ckanext.satudatapaser.harvesters._settings import COMMON_SETTINGS

    return COMMON_SETTINGS + kind.SETTINGS

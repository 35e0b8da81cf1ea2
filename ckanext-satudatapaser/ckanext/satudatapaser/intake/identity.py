"""Which record is this? A record's key at its source, and what to do when all keys change at once. Pure."""

from __future__ import annotations

import dataclasses as dc
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import jmespath
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.harvesters._read import text
from ckanext.satudatapaser.record.model import Raw, Record

KeyOf = Callable[[Raw, Record], str]


@dc.dataclass(frozen=True, slots=True)
class Known:
    """What we remember of one record of the source."""

    id: str
    key: str
    package_id: str | None
    hash: str
    outcome: str
    title: str
    publisher: str
    landing_page: str
    missing_runs: int = 0
    missing_since: Any = None
    archived: bool = False


@dc.dataclass(frozen=True, slots=True)
class Seen:
    """What a listing says of one record, small enough to keep for each.

    ``mark``: digest of the raw record; ``offset``: where its raw text is spooled.
    """

    position: int
    key: str
    title: str
    publisher: str
    landing_page: str
    mark: bytes
    offset: int


@dc.dataclass(frozen=True, slots=True)
class Same:
    """A record that came back word for word; ``id`` is that of what we know of it."""

    position: int
    id: str


def key_function(identity: str) -> KeyOf:
    """Return how a source's records are told apart: ``identifier``, ``landing_page``, ``title_publisher`` or a JMESPath.

    A record without the wanted part falls back to title and publisher, so that it is told apart all the same.
    """
    if identity == "identifier":
        return lambda raw, record: record.identifier or title_publisher(record.title, record.publisher)
    if identity == "landing_page":
        return lambda raw, record: record.landing_page or title_publisher(record.title, record.publisher)
    if identity == "title_publisher":
        return lambda raw, record: title_publisher(record.title, record.publisher)
    try:
        expression = jmespath.compile(identity)
    except jmespath.exceptions.JMESPathError as error:
        raise ConfigError(
            "identity-invalid",
            f"Setelan identity {identity!r} bukan ungkapan JMESPath yang sah.",
            "Gunakan identifier, landing_page, title_publisher, atau ungkapan JMESPath, misalnya extras.guid.",
        ) from error
    return lambda raw, record: text(expression.search(raw)) or title_publisher(record.title, record.publisher)


def title_publisher(title: str, publisher: str) -> str:
    """Return a key made of title and publisher, whatever their capitals and spaces."""
    words = "\x1f".join(map(_words, (title, publisher)))
    return "tp-" + hashlib.sha256(words.encode()).hexdigest()[:32]


def rebinding(known: Iterable[Known], seen: Iterable[Seen], strangers: Mapping[str, str]) -> dict[str, str]:
    """Return old key -> new key for records whose key vanished while title and publisher, or their page, stayed.

    ``strangers``: key -> title of records that were listed before and have no dataset, such as held ones. None of them is
    new; and where one of them vanished too, its title tells nothing of who came back. Only matches that are unique on both
    sides count.
    """
    known, seen = list(known), list(seen)
    seen_keys, known_keys = {item.key for item in seen}, {item.key for item in known}
    gone = [item for item in known if item.key not in seen_keys and item.package_id and not item.archived]
    fresh = [item for item in seen if item.key not in known_keys and item.key not in strangers]
    rivals = {_words(title) for key, title in strangers.items() if key not in seen_keys and key not in known_keys}
    gone = [item for item in gone if _words(item.title) not in rivals]
    found: dict[str, str] = {}
    for sign in (lambda x: x.landing_page, lambda x: x.title and title_publisher(x.title, x.publisher)):
        old, new = _unique(gone, sign), _unique(fresh, sign)
        taken = set(found.values())
        for mark, key in old.items():
            if mark in new and key not in found and new[mark] not in taken:
                found[key] = new[mark]
    return found


def _words(text: str) -> str:
    return " ".join(text.lower().split())


def _unique(items: Iterable[Known | Seen], sign: Callable[[Any], str]) -> dict[str, str]:
    marks: dict[str, list[str]] = {}
    for item in items:
        if sign(item):
            marks.setdefault(sign(item), []).append(item.key)
    return {mark: keys[0] for mark, keys in marks.items() if len(keys) == 1}


def is_change_of_identity(moved: Collection[str], known: Iterable[Known], same: int = 0) -> bool:
    """Tell whether the source has plainly renamed its records: more than five, and more than a tenth of those we know.

    ``moved``: those that came back under another key; ``same``: how many came back word for word; they are not in ``known``.
    """
    alive = same + sum(1 for item in known if not item.archived)
    return len(moved) > max(5, alive // 10)

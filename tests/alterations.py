"""A catalogue altered at random, and what a harvest of it must count: both from the alteration, nothing from the engine.

Records are entries of a data.json. The first entry with a key holds it; later ones are turned away. An entry has exactly one
fate, so that each count is the size of a group.
"""

from __future__ import annotations

import collections
import copy
import dataclasses as dc
import random
from collections.abc import Iterable
from typing import Any

Raw = dict[str, Any]
OPEN, CLOSED = ("public", "publik"), ("private",)
COUNTS = ("seen", "added", "updated", "unchanged", "missing", "archived", "restored", "held", "rejected", "failed")


def key_of(raw: Raw) -> tuple[str, ...]:
    """Return what tells an entry apart: its identifier, else title and publisher."""
    identifier = str(raw.get("identifier") or "").strip()
    return (identifier,) if identifier else named(raw)


def named(raw: Raw) -> tuple[str, str]:
    """Return title and publisher without capitals and spaces."""
    publisher = raw.get("publisher") or ""
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    title, name = (" ".join(str(part or "").lower().split()) for part in (raw.get("title"), name))
    return title, name


def fate(raw: Any) -> str:
    """Return ``open``, ``closed``, ``held`` or ``rejected``: what becomes of an entry that nothing else has the key of."""
    if not isinstance(raw, dict) or not str(raw.get("title") or "").strip():
        return "rejected"
    access = str(raw.get("accessLevel") or "").strip().lower()
    return "open" if access in OPEN else "closed" if access in CLOSED else "held"


@dc.dataclass(slots=True)
class Expected:
    """``counts`` of a run; ``titles`` of the datasets that are then public and closed, by how often."""

    counts: dict[str, int]
    public: collections.Counter[str]
    closed: collections.Counter[str]


def title_of(raw: Raw) -> str:
    """Return the title as the catalogue shows it."""
    return " ".join(str(raw["title"]).split())


def shown(entries: Iterable[Raw], wanted: str) -> collections.Counter[str]:
    """Return the titles of entries with that fate."""
    return collections.Counter(title_of(raw) for raw in entries if fate(raw) == wanted)


def counts(total: int, **values: int) -> dict[str, int]:
    """Return all counts of a run that saw ``total`` entries."""
    return {**dict.fromkeys(COUNTS, 0), "seen": total, **values}


class Catalogue:
    """Entries by what becomes of them: ``holders`` are written, the others are not. ``twins``: keys that others want too."""

    def __init__(self, entries: list[Any]) -> None:
        self.entries = entries
        self.holders: list[Raw] = []
        self.held: list[Raw] = []
        self.rejected: list[Any] = []
        taken: set[tuple[str, ...]] = set()
        for raw in entries:
            what = fate(raw)
            if what == "rejected" or key_of(raw) in taken:
                self.rejected.append(raw)
                continue
            taken.add(key_of(raw))
            (self.held if what == "held" else self.holders).append(raw)
        self.twins = {key_of(raw) for raw in self.rejected if isinstance(raw, dict)}

    def first(self) -> Expected:
        """Return what the first harvest must give."""
        parts = counts(len(self.entries), added=len(self.holders), held=len(self.held), rejected=len(self.rejected))
        return Expected(parts, shown(self.holders, "open"), shown(self.holders, "closed"))


@dc.dataclass(slots=True)
class Altered:
    """``entries`` after the alteration, ``expected`` of a harvest that archives at once what is gone; ``back``: the same
    with the removed ones there again, ``returned`` what that harvest must give. ``reissued``: how many have a new key."""

    entries: list[Any]
    expected: Expected
    back: list[Any]
    returned: Expected
    reissued: int
    hidden: list[str]


def changed(raw: Raw, dice: random.Random, mark: str) -> Raw:
    """Return the entry with one thing changed that counts."""
    raw = copy.deepcopy(raw)
    name = dice.choice(["title", "description", "keyword", "distribution"])
    if name == "title" and not raw.get("identifier"):
        name = "description"
    if name in ("title", "description"):
        raw[name] = f"Perubahan {mark}: {raw.get(name) or ''}"
    else:
        new: Any = f"perubahan {mark}"
        if name == "distribution":
            new = {"title": f"Berkas {mark}", "downloadURL": f"https://data.example.go.id/{mark}.csv", "format": "CSV"}
        raw[name] = [new, *(raw[name] if isinstance(raw.get(name), list) else [])]
    return raw


def added(dice: random.Random, mark: str) -> Raw:
    """Return an entry that was not there."""
    return {
        "identifier": f"tambahan-{mark}", "title": f"Dataset tambahan {mark}", "description": "Keterangan.",
        "accessLevel": dice.choice(["public", "private"]), "keyword": ["a & b, (c)/d"], "publisher": {"name": "Disdik"},
    }  # fmt: skip


class Lots:
    """Deals entries out, each at most once."""

    def __init__(self, catalogue: Catalogue, dice: random.Random) -> None:
        names = collections.Counter(named(raw) for raw in catalogue.entries if isinstance(raw, dict))
        pages = collections.Counter(str(raw.get("landingPage")) for raw in catalogue.entries if isinstance(raw, dict))
        self.left = [raw for raw in catalogue.holders if key_of(raw) not in catalogue.twins]
        dice.shuffle(self.left)
        self.lone = {
            id(raw)
            for raw in self.left
            if names[named(raw)] == 1 and (not raw.get("landingPage") or pages[str(raw["landingPage"])] == 1)
        }

    def take(self, number: int, fate_of: str = "", lone: bool = False) -> list[Raw]:
        """Return up to ``number`` entries with that fate; ``lone``: nothing else has their title or page."""
        fits = [raw for raw in self.left if fate_of in ("", fate(raw)) and (not lone or id(raw) in self.lone)]
        found = fits[:number]
        gone = {id(raw) for raw in found}
        self.left = [raw for raw in self.left if id(raw) not in gone]
        return found


def alter(entries: list[Any], seed: int, many: bool = False) -> Altered:
    """Return ``entries`` altered. ``many``: so many identifiers are reissued that the source has plainly renamed its records
    (the counts are then those after rebinding); else so few that they count as gone and new."""
    dice, before = random.Random(seed), Catalogue(entries)
    total, lots = len(before.holders), Lots(before, dice)
    renamed = lots.take(max(6, total // 10 + 1) + total // 5 if many else max(1, total // 40), lone=True)
    removed = lots.take(max(1, total // 25), lone=True)
    shut, opened = lots.take(max(1, total // 40), "open"), lots.take(max(1, total // 40), "closed")
    edited, touched = lots.take(max(1, total // 10)), lots.take(max(1, total // 20))
    new = [added(dice, f"{seed}-{number}") for number in range(max(1, total // 30))]
    news = [
        *({**raw, "identifier": f"baru-{seed}-{n}"} for n, raw in enumerate(renamed)),
        *({**raw, "accessLevel": "private"} for raw in shut),
        *({**raw, "accessLevel": "public"} for raw in opened),
        *(changed(raw, dice, f"{seed}-{n}") for n, raw in enumerate(edited)),
        *({**raw, "modified": f"2026-11-{dice.randint(1, 24):02}"} for raw in touched),
    ]
    written = [*lots.left, *(raw for raw in before.holders if key_of(raw) in before.twins), *news, *new]
    others = [*before.held, *before.rejected]
    after, back = [*written, *others], [*written, *others, *removed]
    dice.shuffle(after)
    dice.shuffle(back)
    updated, gone = len(edited) + len(shut) + len(opened), len(removed) + (0 if many else len(renamed))
    same = total - len(removed) - updated - (0 if many else len(renamed))
    waits = {"held": len(before.held), "rejected": len(before.rejected)}
    first = counts(len(after), added=total - same - updated - gone + len(new) + (0 if many else len(renamed)),
                   updated=updated, unchanged=same, missing=gone, archived=gone, **waits)  # fmt: skip
    second = counts(len(back), updated=len(removed), restored=len(removed), unchanged=len(written), **waits)
    return Altered(
        after, Expected(first, shown(written, "open"), shown(written, "closed")),
        back, Expected(second, shown([*written, *removed], "open"), shown([*written, *removed], "closed")),
        len(renamed), [title_of(raw) for raw in shut],
    )  # fmt: skip


def synthetic(seed: int) -> list[Any]:
    """Return 100 to 250 entries with the defects that real catalogues have."""
    dice = random.Random(seed)
    entries: list[Any] = [_entry(dice, number) for number in range(dice.randint(100, 250))]
    for raw in dice.sample(entries, 5):
        raw["title"] = "Jumlah Penduduk"
    for raw in dice.sample(entries, 6):
        raw["identifier"] = dice.choice(["", None])
    for raw in dice.sample(entries, 3):
        raw["accessLevel"] = dice.choice(["entah", "", None])
    twin = dice.choice(entries)
    return [*entries, {**twin, "description": "Kembar."}, None, "bukan objek", {"identifier": "kosong", "title": ""}]


def _entry(dice: random.Random, number: int) -> Raw:
    url = dice.choice([f"/berkas/{number} a.csv", f"https://opd.example.go.id/{number}.xlsx", f"unduh?id={number}"])
    raw: Raw = {
        "identifier": f"id-{number}", "title": f"Jumlah  Sekolah {number}", "description": f"<p>Keterangan {number}</p>",
        "accessLevel": dice.choice(["public", "public", "publik", "private", "Private "]), "modified": "2026-01-02",
        "keyword": dice.choice([["a & b", "satu, dua", "(tiga)", "x/y", "x/y", "z"], None, "kata", ["w" * 120]]),
        "publisher": dice.choice([{"name": "Disdik"}, "Dinas Pendidikan ", {"name": "DISDIK"}]),
        "distribution": dice.choice([None, [], [{"title": "Tabel", "downloadURL": url, "format": "csv "}]]),
    }  # fmt: skip
    if dice.random() < 0.5:
        raw["landingPage"] = f"/dataset/{number}"
    return raw

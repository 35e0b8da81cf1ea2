"""Values of another shape than the protocol says: nulls, texts where lists belong, nonsense between the records."""

from __future__ import annotations

from typing import Any

from conformance.neutral import ABSENT, GOOD, Defect, Entry, File, entries, needs, want


def nested(depth: int) -> Any:
    """Return lists in lists."""
    value: Any = "dasar"
    for _ in range(depth):
        value = [value]
    return value


def _escape_surrogates(body: bytes) -> bytes:
    r"""Return the answer with half pairs as \uXXXX, since they are no UTF-8."""
    text = body.decode("utf-8", "surrogatepass")
    return "".join(f"\\u{ord(c):04x}" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text).encode()


DEFECTS = (
    Defect(
        "no-objects", "Texts, numbers, nulls and lists between the records: each is rejected, the rest comes.",
        (want("rejected"),) * 5 + (want(),), items=("bukan objek", None, 5, [], True, GOOD), needs=needs("json"),
    ),
    Defect("empty-object", "A record without anything is rejected for its title.",
           (want("rejected", "title-missing"), want()), items=({}, GOOD), needs=needs("json")),
    Defect(
        "null-tags", "null where a list of tags belongs.", (want(tags=()),), items=entries("tags", None),
        needs=needs("json", "tags"),
    ),
    Defect(
        "text-tags", "One text where a list of tags belongs.", (want(tags=("sekolah", "guru", "murid")),),
        items=entries("tags", "sekolah, guru; murid"), needs=needs("json", "tags"),
    ),
    Defect(
        "text-tags-with-entities", "The semicolon of an entity parts no tags.", (want(tags=("guru murid", "sekolah")),),
        items=entries("tags", "guru &amp; murid; sekolah"), needs=needs("json", "tags"),
    ),
    Defect(
        "odd-tags", "Numbers, nulls and objects among the tags.", (want(),),
        items=entries("tags", [17, None, {"name": "sekolah"}, ["guru"], True, {}, 2.5]), needs=needs("json", "tags"),
    ),
    Defect(
        "null-files", "null where a list of files belongs.", (want(urls=()),), items=entries("files", None),
        needs=needs("json", "files"),
    ),
    Defect(
        "odd-files", "A text, a number and nulls where files belong.", (want(urls=()),) * 4,
        items=entries("files", "sekolah.csv", 17, [None, 5, "x", []], {}), needs=needs("json", "files"),
    ),
    Defect(
        "no-files", "A record without files has its description.", (want(urls=()), want(urls=())),
        items=entries("files", ABSENT, ()), needs=needs("files", "description"),
    ),
    Defect(
        "null-everything", "null for everything but title and class.", (want("waiting"),), needs=needs("json"),
        items=(Entry(identifier=None, description=None, publisher=None, license=None, tags=None, frequency=None, issued=None,
                     modified=None, page=None, contact=None, mail=None, files=None),),
    ),
    Defect(
        "lists-for-texts", "Lists and objects where texts belong.", (want(title="Jumlah Sekolah"),),
        needs=needs("json", "title", "description", "license"),
        items=(Entry(title=["Jumlah Sekolah"], description=[], publisher=["Dinas"], license=["cc-by"], frequency=["Tahunan"],
                     issued=["2026-01-15"], modified={}, page=[], contact=[], mail={}),),
    ),
    Defect(
        "deep-nesting", "Lists in lists, 300 deep, where texts belong.",
        (want("waiting"), want(tags=()), want()), needs=needs("json", "tags", "license"),
        items=(Entry(identifier="1", license=nested(300), description=nested(300)), Entry(identifier="2", tags=nested(300)),
               Entry(identifier="3", more={"lain": nested(300)})),
    ),
    Defect(
        "huge-numbers", "Numbers beyond all measure where texts belong.", (want(), want(), want(notes="")),
        needs=needs("json", "title", "description", "frequency"),
        items=(Entry(identifier=10**200, title="a"), Entry(identifier=-1.5e300, title="b", frequency=10**30),
               Entry(identifier="c", title="c", description=float("inf"), frequency=float("nan"))),
    ),
    Defect(
        "surrogates", "Half of a surrogate pair, as broken programs cut it.", (want(title="Jumlah Sekolah"),),
        items=(Entry(identifier="s\ud83d", title="Jumlah\ud83d Sekolah", description="\udcff"),),
        needs=needs("json", "title", "identifier"), body=_escape_surrogates,
    ),
    Defect(
        "duplicate-keys", "A key twice in one object, with other capitals too: the last filled one counts.",
        (want(title="Jumlah Sekolah"),), needs=needs("json", "title"),
        body=lambda body: body.replace(b'"title": "Jumlah Sekolah"', b'"title": "Lama", "title": "Jumlah Sekolah"'),
    ),
    Defect(
        "keys-in-capitals", "Keys in capitals are read; a class that any of them closes stays closed.",
        (want("closed"),), items=(Entry(more={"ACCESSLEVEL": "private", "AccessRights": "public"}),),
        needs=needs("json", "access"),
    ),
    Defect(
        "foreign-keys", "Keys of nobody's schema change nothing.", (want(clean=True),),
        items=(Entry(more={"type": "statistik", "id ": 5, "": None, "x" * 500: "y", "owner_org": "lain", "state": "active"}),),
        needs=needs("json"),
    ),
    Defect(
        "many-tags", "500 tags.", (want(),), items=entries("tags", tuple(f"kata {n}" for n in range(500))),
        needs=needs("tags"),
    ),
    Defect(
        "odd-file-parts", "Null, empty and odd parts of a file.", (want(formats=("",)),) * 2,
        needs=needs("json", "files"),
        items=entries("files", (File(url="https://disdik.example.go.id/berkas/1", title=None, format=None, media=None),),
                      (File(url="https://disdik.example.go.id/berkas/1", title={}, format=[], media=5),)),
    ),
)  # fmt: skip

"""Statements written out in the syntaxes that the portal offers.

By Oxigraph's writers: rdflib's, which order and count references in Python, take longer than everything else together. As
JSON-LD Oxigraph writes every name in full; here it is the same tree with the prefixes as its context.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox
from ckanext.satudatapaser.outputs.rdf.terms import PREFIXES, Node, Triple, sdi
from rdflib import Literal
from rdflib.namespace import RDF, XSD

JSON_LD = "jsonld"
SYNTAXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "n3": ox.RdfFormat.N3,
    "xml": ox.RdfFormat.RDF_XML,
    "rdf": ox.RdfFormat.RDF_XML,
    JSON_LD: ox.RdfFormat.JSON_LD,
}
Term = ox.NamedNode | ox.Literal
Tree = Mapping[ox.NamedNode, Mapping[ox.NamedNode, Mapping[Term, None]]]


def document(triples: Iterable[Triple], syntax: str, url: str) -> bytes:
    """Return ``triples`` in ``syntax`` (a key of SYNTAXES), each once and by subject; ``url``: the portal's address.

    Raises ValueError for a name that is no IRI.
    """
    tree, prefixes = _tree(triples), {**PREFIXES, "sdi": str(sdi(url))}
    if syntax == JSON_LD:
        return json.dumps(_json_ld(tree, prefixes), ensure_ascii=False, separators=(",", ":")).encode()
    return ox.serialize(_statements(tree), format=SYNTAXES[syntax], prefixes=prefixes) or b""


def _tree(triples: Iterable[Triple]) -> Tree:
    """Return each statement once: subject -> predicate -> values, all in the order in which they first came."""
    known: dict[str, ox.NamedNode] = {}
    found: dict[ox.NamedNode, dict[ox.NamedNode, dict[Term, None]]] = {}
    for subject, predicate, value in triples:
        about, name = _name(str(subject), known), _name(str(predicate), known)
        found.setdefault(about, {}).setdefault(name, {})[_term(value, known)] = None
    return found


def _name(text: str, known: dict[str, ox.NamedNode]) -> ox.NamedNode:
    if (found := known.get(text)) is None:
        found = known[text] = ox.NamedNode(text)
    return found


def _term(value: Node, known: dict[str, ox.NamedNode]) -> Term:
    if not isinstance(value, Literal):
        return _name(str(value), known)
    if value.language:
        return ox.Literal(str(value), language=value.language)
    if value.datatype is not None:
        return ox.Literal(str(value), datatype=_name(str(value.datatype), known))
    return ox.Literal(str(value))


def _statements(tree: Tree) -> Iterator[ox.Triple]:
    for about, said in tree.items():
        for name, values in said.items():
            for value in values:
                yield ox.Triple(about, name, value)


def _json_ld(tree: Tree, prefixes: Mapping[str, str]) -> dict[str, Any]:
    by_space = {space: prefix for prefix, space in prefixes.items()}
    return {"@context": dict(prefixes), "@graph": [_thing(about, said, by_space) for about, said in tree.items()]}


def _thing(
    about: ox.NamedNode, said: Mapping[ox.NamedNode, Iterable[Term]], by_space: Mapping[str, str]
) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": about.value}
    for name, values in said.items():
        if name.value == str(RDF.type):
            found["@type"] = _few([_short(value.value, by_space) for value in values])
        else:
            found[_short(name.value, by_space)] = _few([_value(value, by_space) for value in values])
    return found


def _few(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _short(name: str, by_space: Mapping[str, str]) -> str:
    """Return a name with its prefix, where it has one."""
    cut = max(name.rfind("#"), name.rfind("/")) + 1
    prefix = by_space.get(name[:cut])
    return f"{prefix}:{name[cut:]}" if prefix else name


def _value(value: Term, by_space: Mapping[str, str]) -> Any:
    if isinstance(value, ox.NamedNode):
        return {"@id": value.value}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == str(XSD.string):
        return value.value
    return {"@value": value.value, "@type": _short(value.datatype.value, by_space)}

"""Who publishes: organisations and the portal as agents, and whom to ask about a dataset. Pure."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.outputs.rdf.terms import VCARD, Triples, address, below, node, plain, said
from ckanext.satudatapaser.record.contact import Contact, unit_mail
from ckanext.satudatapaser.record.contact import contact as whom
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF


@dc.dataclass(frozen=True, slots=True)
class Agent:
    """An organisation (OPD). ``email`` and ``website`` may be ""."""

    id: str
    name: str
    title: str
    email: str = ""
    website: str = ""


@dc.dataclass(frozen=True, slots=True)
class Site:
    """What all datasets share: the portal's address and words, who publishes it, organisations and topics by their ids."""

    url: str
    title: str = ""
    description: str = ""
    publisher: Agent | None = None
    agents: Mapping[str, Agent] = dc.field(default_factory=dict)
    topics: Mapping[str, str] = dc.field(default_factory=dict)


def reference(agent: Agent, site: Site) -> URIRef:
    """Return the name of an organisation; as an address it is its page, and stays when the organisation is renamed."""
    return below(site.url, "organization", agent.id)


def publisher(subject: URIRef, agent: Agent, site: Site) -> Triples:
    """Yield who publishes ``subject``."""
    about = reference(agent, site)
    yield from node(subject, DCTERMS.publisher, about, FOAF.Agent, (FOAF.name, plain(agent.title or agent.name)))
    yield about, RDF.type, FOAF.Organization
    yield from said(about, (FOAF.mbox, mailbox(agent.email)), (FOAF.homepage, address(agent.website)))


def contact(subject: URIRef, package: Mapping[str, Any], agent: Agent | None, site: Site) -> Triples:
    """Yield whom to ask about a dataset."""
    agencies = [found for found in (agent, site.publisher) if found]
    asked = whom(package, *(Contact(found.title or found.name, found.email, found.name) for found in agencies))
    if not asked:
        return
    page = below(site.url, "organization", asked.page) if asked.page else None
    about = URIRef(f"{subject}#contact")
    yield from node(subject, DCAT.contactPoint, about, VCARD.Organization, (VCARD.fn, plain(asked.name)))
    yield about, RDF.type, VCARD.Kind
    yield from said(about, (VCARD.hasEmail, mailbox(asked.email)), (VCARD.hasURL, page))


def mailbox(value: object) -> URIRef | None:
    """Return a unit's mail address as a name; None for a person's, for several at once, and for what is none."""
    found = unit_mail(value)
    return URIRef(f"mailto:{found}") if found else None

"""Who holds a dataset, publishes it and decides on access to it, as nodes."""

from __future__ import annotations

from knowledge.catalog.model import Dataset, Hospital
from knowledge.catalog.portal.addresses import Addresses
from knowledge.catalog.portal.contact import agent_contact, contact_kind, mail_of, page_of
from knowledge.catalog.portal.facts import Agent, said
from knowledge.catalog.portal.source import Source
from knowledge.catalog.portal.vocabulary import Node, concept, given, maybe, texts


def agent_node(agent: Agent) -> Node:
    """A declared organisation."""
    return given(
        {
            "@type": "foaf:Agent",
            "foaf:name": said(agent.name),
            "dct:type": concept("publisher_type", agent.type) if agent.type else None,
            "cv:contactPoint": agent_contact(agent.email, agent.page),
        }
    )


def hospital_node(hospital: Hospital, addresses: Addresses) -> Node:
    """A hospital of the catalog as an agent."""
    return given(
        {
            "@id": addresses.hospital(hospital.hospital),
            "@type": "foaf:Agent",
            "foaf:name": texts(en=hospital.name_en, ko=hospital.name_ko) or hospital.hospital,
            "cv:contactPoint": agent_contact(mail_of(hospital.contact), page_of(hospital.contact)),
        }
    )


def agents(dataset: Dataset, hospital: Hospital | None, contact: str | None, source: Source) -> Node:
    """Publisher, custodian (the controller, else the hospital), contact, health data access body."""
    holder = maybe(source.addresses.hospital(hospital.hospital)) if hospital else None
    custodian = holder
    if dataset.controller and hospital and dataset.controller not in _names(hospital):
        custodian = {
            "@type": "foaf:Agent",
            "foaf:name": dataset.controller,
            "cv:contactPoint": agent_contact(mail_of(contact), page_of(contact)),
        }
    return {
        "dct:publisher": agent_node(source.facts.publisher) if source.facts.publisher else holder,
        "geodcatap:custodian": given(custodian) if custodian else None,
        "dcat:contactPoint": contact_kind(contact),
        "healthdcatap:hdab": agent_node(source.facts.hdab) if source.facts.hdab else None,
    }


def _names(hospital: Hospital) -> set[str | None]:
    return {hospital.hospital, hospital.name_en, hospital.name_ko}

"""Free text read into the terms of the authority lists, or left alone."""

from __future__ import annotations

import pytest

from knowledge.catalog.portal.vocabulary import term_of


@pytest.mark.parametrize(
    ("name", "text", "term"),
    [
        ("frequency", "every six months", "ANNUAL_2"),
        ("frequency", "반기", "ANNUAL_2"),
        ("frequency", "매월", "MONTHLY"),
        ("frequency", "yearly", "ANNUAL"),
        ("frequency", "when funds allow", None),
        ("access_rights", "open", "PUBLIC"),
        ("access_rights", "공개", "PUBLIC"),
        ("access_rights", "비공개", "NON_PUBLIC"),
        ("access_rights", "closed environment", "NON_PUBLIC"),
        ("access_rights", "opening soon", None),
        ("standard", "OMOP CDM 5.4", "OMOP-CDM"),
        ("standard", "registry", None),
        ("coding_system", "KCD-8", "ICD-10-NAT"),
        ("coding_system", "ICD-10", "ICD-10"),
        ("coding_system", "SNOMED CT", "SNOMED-CT"),
        ("coding_system", "local", None),
        ("datatype", "INTEGER", "integer"),
        ("datatype", "interval", None),
        ("datatype", "timestamp", "dateTime"),
        ("datatype", None, None),
    ],
)
def test_text_is_read_by_its_meaning(name, text, term):
    assert term_of(name, text) == term

from __future__ import annotations

import pytest

from knowledge.catalog.importers.codes import Code, codes_in, system_named
from knowledge.catalog.importers.draft import join_list, join_values, slug
from knowledge.catalog.importers.wording import described, label_cells, plain, readable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<p>Age &lt; 18 &amp; <b>x</b></p>", "Age < 18 & x"),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ("a<br/>b<style>p {x}</style> c<!-- no -->", "a b c"),
        ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("see [the guide](https://a.example/x_(y).html) and [1]", "see the guide and [1]"),
        ("**Very** important__", "Very important__"),
        ("  two\n lines ​", "two lines"),
    ],
)
def test_markup_goes(text, read):
    assert plain(text) == read


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gender_concept_id", "Gender concept ID"),
        ("genderConceptId", "Gender concept ID"),
        ("PERSON_ID", "Person ID"),
        ("HKQuantityType", "HK quantity type"),
        ("heart-rate", "Heart rate"),
        ("___", "___"),
        ("나이_만", "나이 만"),
    ],
)
def test_readable_names(name, words):
    assert readable(name) == words


@pytest.mark.parametrize(
    ("label", "cells", "aliases"),
    [
        ("혈압 (SBP)", {"label_ko": "혈압 (SBP)"}, ["SBP"]),
        ("체중 (Body weight)", {"label_ko": "체중", "label_en": "Body weight"}, []),
        ("Sex / 성별", {"label_ko": "성별", "label_en": "Sex"}, []),
        ("체중(kg/day)", {"label_ko": "체중(kg/day)"}, []),
        ("FEV1/FVC 비율", {"label_ko": "FEV1/FVC 비율"}, []),
        ("Glycated haemoglobin (HbA1c) [%]", {"label_en": "Glycated haemoglobin (HbA1c) [%]"}, ["HbA1c"]),
        ("Sex (male or female)", {"label_en": "Sex (male or female)"}, []),
    ],
)
def test_labels_in_their_language_and_short_names(label, cells, aliases):
    assert label_cells(label) == (cells, aliases)


def test_facts_follow_in_the_language_of_the_text():
    facts = [("Required.", "필수 항목이다.")]
    assert described("Weight", facts) == {"description_en": "Weight. Required."}
    assert described("체중", facts) == {"description_ko": "체중. 필수 항목이다."}
    assert described("", facts, korean=True) == {"description_ko": "필수 항목이다."}
    assert described("", []) == {}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("LOINC: 2345-7, SNOMED CT 271649006", ["LOINC:2345-7", "SNOMED:271649006"]),
        ("@HIDDEN ICD-10=J44.9 ATC(R03BB04)", ["ICD-10:J44.9", "ATC:R03BB04"]),
        ("KCD-8:J45 and KCD J44.1", ["KCD-8:J45", "KCD:J44.1"]),
        ("concept_id 3004249", ["OMOP:3004249"]),
        ("http://purl.bioontology.org/ontology/LNC/55423-8", ["LOINC:55423-8"]),
        ("https://loinc.org/2345-7/", ["LOINC:2345-7"]),
        ("LOINC 2345-7 | LOINC 2345-7", ["LOINC:2345-7"]),
        ("call 02-2345-7 on the phone", []),
        ("J44.9", []),
        ("see the LOINC code list", []),
        ("RxNorm code: 435", ["RxNorm:435"]),
    ],
)
def test_codes_that_annotations_mention(text, codes):
    assert [code.concept for code in codes_in(text)] == codes


def test_check_digits():
    assert [Code("LOINC", code).fault != "" for code in ("2345-7", "2345-8", "55423-8")] == [
        False,
        True,
        False,
    ]
    assert [Code("SNOMED", code).fault != "" for code in ("271649006", "271649007", "61861000000100")] == [
        False,
        True,
        False,
    ]
    assert (system_named("SNOMED CT"), system_named("house list"), system_named(" ")) == (
        "SNOMED",
        "house list",
        None,
    )


def test_cells_that_lists_can_hold():
    assert join_list(["a|b", "a/b", " ", "c\n d"]) == "a/b|c d"
    assert join_values([("1", "x|y"), ("1", "again"), ("a=b", ""), ("", "z")]) == "1=x/y|a b=a b"
    assert (slug("OMOP CDM v5.4 (2024)"), slug("폐 코호트"), slug("--")) == (
        "omop_cdm_v5_4_2024",
        "폐_코호트",
        "",
    )

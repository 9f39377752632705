"""A catalog of two eye clinics with what a portal asks for, and what its publisher declares."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.portal import PortalExport, export_catalog, read_facts
from tests.knowledge.catalog.eye_clinic import write_folder

FOLDER = {
    "hospitals": """\
hospital,name_en,name_ko,type,beds,region_en,region_ko,contact
lumen,Lumen Eye Hospital,빛안과병원,specialised,1200,North,북부,Data desk <desk@lumen.example>
iris,Iris Clinic,홍채의원,clinic,,South,남부,https://iris.example/data
""",
    "datasets": """\
dataset,hospital,title_en,title_ko,description_en,description_ko,theme,period_start,period_end,\
update_frequency,last_updated,data_model,access_level,lead_time_days,age_min,age_max,median_follow_up_months,\
controller,contact,cost_basis,update_lag,supersedes,population_en,population_ko,license,keywords
glaucoma,lumen,Glaucoma registry,녹내장 레지스트리,Fields and pressures.,시야와 안압.,registry,2015-03,,\
monthly,2031-08-31,OMOP CDM 5.4,closed environment,30,18,79,24.5,\
North Health Authority,,per project,2 months,refraction,Adults with glaucoma,성인 녹내장 환자,\
https://lumen.example/terms,eye|glaucoma
refraction,iris,Refraction visits,굴절 검사,Visits.,방문.,emr,2018,2022-06-30,,,,controlled,,,,,,,,,,,,,
""",
    "variables": """\
dataset,table,name,label_en,label_ko,aliases,type,unit,values,missing_pct,granularity,modifier,concept,\
description_en,description_ko,section,sensitive,missing_codes
glaucoma,pressure,iop,Intraocular pressure,안압,IOP,number,mm[Hg],,12.5,,,iop,\
Read at noon,정오에 측정,Exam,false,-9=not done
glaucoma,pressure,device,Tonometer,안압계,,code,,1=air puff|2=contact,<5,per device,,,,,,true,
refraction,visit,sphere,Sphere,,,number,[diop],,5-10,,,,,,,,
""",
    "counts": """\
dataset,cohort,year,sex,age_band,patients,records,status,records_low,records_high,records_status
glaucoma,,,,,1230,,released,5600,5699,bound
glaucoma,,,F,65-69,230,,released,,,
glaucoma,open_angle,,,,400,,released,,,
refraction,,,,,,,suppressed,,,
""",
}
OPTIONAL = {"access_rules", "coverage"}  # files that the clinics do not have
PORTAL = """\
title: {en: Eye data, ko: 안과 자료}
publisher: {name: Eye Data Office, page: 'https://office.example/', type: university}
hdab: {name: {en: Access Body}, email: access@body.example}
applicable_legislation: ['https://law.example/act']
defaults:
  health_category: [EHRS]
  type: [STATISTICAL]
  legal_basis: Section 28-2 of the act
  provenance: Recorded in routine care
  spatial: ['http://publications.europa.eu/resource/authority/country/KOR']
datasets:
  glaucoma:
    health_category: [PHDR]
    health_theme: [SENSORY_HEALTH]
    quality: ['https://office.example/certificate']
    sample: [{url: 'https://lumen.example/sample.csv', title: Synthetic sample}]
    analytics: [{url: 'https://lumen.example/report'}]
    retention_end: '2040'
"""


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., PortalExport]:
    """The export of the clinics' catalog: ``export(portal=..., base=..., counts=...)``."""

    def made(portal: str = PORTAL, base: str | None = None, dataset: str | None = None, **files: str):
        at = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        folder = write_folder(at / "folder", **(FOLDER | files))
        for name in OPTIONAL & files.keys():
            (folder / f"{name}.csv").write_text(files[name], encoding="utf-8")
        staged, problems = read_folder(folder)
        assert problems == ()
        build_database(staged, at / "catalog.duckdb")
        (at / "portal.yaml").write_text(portal, encoding="utf-8")
        facts = read_facts(at / "portal.yaml")
        return export_catalog(at / "catalog.duckdb", facts, base=base, dataset=dataset)

    return made


@pytest.fixture
def nodes(export: Callable[..., PortalExport]) -> Callable[..., dict[str, dict[str, Any]]]:
    """The dataset nodes of an export by dataset id."""

    def found(**how: Any) -> dict[str, dict[str, Any]]:
        document = json.loads("".join(export(**how).text()))
        return {n["dct:identifier"]: n for n in document["@graph"] if n["@type"] == "dcat:Dataset"}

    return found


@pytest.fixture
def graph(export: Callable[..., PortalExport]) -> Callable[..., Graph]:
    """An export as RDF, read without a network."""
    return lambda **how: Graph().parse(data="".join(export(**how).text()), format="json-ld")

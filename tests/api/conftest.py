"""A small home of two documents and one dataset, quick to make, for tests that change things."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

TABLES = {
    "catalog.yaml": """
version: "1"
as_of: 2025-01-31
protection: {id: round-10, threshold: 10, base: 10, rounding: bins, zeros: hidden}
""",
    "hospitals.csv": """hospital,name_en,name_ko,type,beds,region_en,region_ko,contact
han,Han Hospital,한병원,general,500,Seoul,서울,data@han.example
""",
    "datasets.csv": """dataset,hospital,title_en,title_ko,theme,period_start,period_end
han_sleep,han,Sleep study registry,수면검사 등록자료,sleep,2018,2023
""",
    "tables.csv": """dataset,table,title_en,title_ko,granularity
han_sleep,nights,Nights,수면 밤,per night
""",
    "variables.csv": """dataset,table,name,label_en,label_ko,aliases,type,unit,values,missing_pct
han_sleep,nights,ahi,Apnea hypopnea index,무호흡저호흡지수,AHI,number,/h,,5
han_sleep,nights,bmi,Body mass index,체질량지수,BMI,number,kg/m2,,10
""",
    "cohorts.csv": """cohort,name_en,name_ko,codes,definition
osa,Obstructive sleep apnea,폐쇄성 수면무호흡,KCD:G47.3,AHI of 5 or more
""",
    "counts.csv": """dataset,cohort,year,sex,age_band,patients,records,status
han_sleep,osa,,,,320,,released
""",
}
DOCUMENTS = {
    "fees.md": """# Fees

## Review

The ethics review costs 300,000 won and is paid once.

## Storage

A closed room with a desk is free of charge for the first month.

## Extraction

Each extraction of records is charged by the hour of work.

## Travel

Trains to the hospital are not paid by anyone.
""",
    "심사.md": """# 심사 안내

## 기간

데이터 심의는 접수 후 4주가 걸린다.

## 서류

신청서와 연구계획서를 함께 낸다.

## 담당 부서

문의는 연구지원팀으로 한다.

## 장소

회의는 본관 3층에서 열린다.
""",
}


def write_catalog(folder: Path, **changed: str) -> Path:
    """A catalog folder; ``changed`` gives other contents by file stem."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in TABLES.items():
        (folder / name).write_text(changed.get(Path(name).stem, content).lstrip(), encoding="utf-8")
    return folder


def _write_documents(folder: Path) -> Path:
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with one English and one Korean document."""
    return _write_documents(tmp_path / "documents")


@pytest.fixture
def catalog_folder(tmp_path: Path) -> Path:
    """A catalog of one dataset."""
    return write_catalog(tmp_path / "catalog")


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with both, made once; tests get copies."""
    from assistant.home import Home

    place = tmp_path_factory.mktemp("small")
    with Home(place / "home", "tests") as home:
        home.add_documents([_write_documents(place / "documents")])
        home.import_catalog(write_catalog(place / "catalog"))
    return place / "home"


@pytest.fixture
def small_home(made_home: Path, tmp_path: Path) -> Path:
    """A home with both, to be changed at will."""
    root = tmp_path / "home"
    shutil.copytree(made_home, root)
    return root


@pytest.fixture(scope="session")
def small_server(made_home: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Any) -> Any:
    """A server over a copy of the small home, shared by the tests that only read."""
    root = tmp_path_factory.mktemp("small-served") / "home"
    shutil.copytree(made_home, root)
    return start_server(root)


@pytest.fixture
def http(small_server: Any) -> Iterator[httpx.Client]:
    """A client of the server over the small home."""
    with httpx.Client(base_url=small_server.url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def sample_http(served: Any) -> Iterator[httpx.Client]:
    """A client of the server over the sample home."""
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        yield client

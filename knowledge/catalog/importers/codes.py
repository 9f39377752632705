"""Codes of standard systems that a dictionary's annotations mention: LOINC, SNOMED CT, ICD, ATC, ..."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SNOMED = r"\d{6,18}"
_LOINC = r"\d{1,7}-\d"
_ICD10 = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_UMLS = r"C\d{7}"
_ATC = r"[A-Z]\d{2}[A-Z]{2}\d{2}"

# System as concepts name it, how it is written, and the shape of its codes.
_SYSTEMS: tuple[tuple[str, str, str], ...] = (
    ("LOINC", r"LOINC|LNC", _LOINC),
    ("SNOMED", r"SNOMED(?:[\s_-]?CT)?|SCTID|SCT", _SNOMED),
    ("KCD", r"KCD(?:-?\d{1,2})?", _ICD10),
    ("ICD-10-CM", r"ICD-?10-?CM", _ICD10),
    ("ICD-10", r"ICD-?10", _ICD10),
    ("ICD-9-CM", r"ICD-?9(?:-?CM)?", r"(?:\d{3}|V\d{2}|E\d{3})(?:\.\d{1,2})?"),
    ("ATC", r"ATC", _ATC),
    ("RxNorm", r"RxNorm|RXCUI", r"\d{3,8}"),
    ("UMLS", r"UMLS|CUI", _UMLS),
    ("MedDRA", r"MedDRA", r"\d{8}"),
    ("NCIt", r"NCIt|NCI[\s_-]?Thesaurus", r"C\d{4,6}"),
    ("HPO", r"HPO|HP", r"(?:HP:)?\d{7}"),
    ("OMOP", r"OMOP(?:[\s_-]?concept(?:[\s_-]?id)?)?|concept_id", r"\d{4,10}"),
)
_MENTION = re.compile("|".join(
    rf"(?P<n{n}>(?<![A-Za-z0-9])(?:{names})(?:[\s_-]?codes?)?\s*[:=#(\[|,\s]\s*[\"'(\[]?(?P<c{n}>{shape})(?![\w.]*\d))"
    for n, (_, names, shape) in enumerate(_SYSTEMS)
), re.IGNORECASE)
_ADDRESSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("SNOMED", re.compile(rf"(?:snomed\.info/(?:id|sct)|ontology/SNOMEDCT)/({_SNOMED})")),
    ("LOINC", re.compile(rf"(?:loinc\.org|ontology/LNC)/({_LOINC})")),
    ("ICD-10", re.compile(rf"ontology/ICD10/({_ICD10})")),
    ("RxNorm", re.compile(r"ontology/RXNORM/(\d+)")),
)
_EDITION = re.compile(r"KCD-\d{1,2}(?=\D)")
_NAMES = {
    "snomed": "SNOMED", "snomedct": "SNOMED", "loinc": "LOINC", "icd10": "ICD-10", "icd10cm": "ICD-10-CM",
    "atc": "ATC", "meddra": "MedDRA", "rxnorm": "RxNorm", "umls": "UMLS", "kcd": "KCD", "icd9": "ICD-9-CM",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a system; ``term`` is what the dictionary calls it, or empty."""

    system: str
    code: str
    term: str = ""

    @property
    def concept(self) -> str:
        """The id of its concept, "SYSTEM:CODE"."""
        return f"{self.system}:{self.code}"

    @property
    def fault(self) -> str:
        """What is wrong with the code by its check digit, or empty."""
        if self.system == "SNOMED" and not _verhoeff(self.code):
            return f"SNOMED code {self.code} has a wrong check digit"
        if self.system == "LOINC" and not _luhn(self.code):
            return f"LOINC code {self.code} has a wrong check digit"
        return ""


def system_named(text: str) -> str | None:
    """The system that a cell such as "SNOMED CT" or "ICD10" names; the text itself where it is not known."""
    key = re.sub(r"[\W_]+", "", text).lower()
    return _NAMES.get(key, text.strip() or None)


def codes_in(text: str) -> list[Code]:
    """The codes that follow the name of their system, or stand in its web address, in order, each once."""
    if not any(map(str.isdigit, text)):
        return []  # most text of a dictionary
    found: list[tuple[int, Code]] = []
    for match in _MENTION.finditer(text):
        for n, (name, _, _) in enumerate(_SYSTEMS):
            if code := match[f"c{n}"]:
                edition = _EDITION.match(match[0]) if name == "KCD" else None
                system = edition[0] if edition else name
                found.append((match.start(), Code(system, code.upper().removeprefix("HP:"))))
    for system, address in _ADDRESSES:
        found += [(match.start(), Code(system, match[1])) for match in address.finditer(text)]
    return list(dict.fromkeys(code for _, code in sorted(found, key=lambda item: item[0])))


# Tables of the Verhoeff check that SNOMED CT ids end with: multiplication in D5, and permutations by place.
_D = ("0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
      "5987604321", "6598710432", "7659821043", "8765932104", "9876543210")
_P = ("0123456789", "1576283094", "5803796142", "8916043527",
      "9453126870", "4286573901", "2793806415", "7046913258")


def _verhoeff(digits: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_D[check][int(_P[place % 8][int(digit)])])
    return check == 0


def _luhn(code: str) -> bool:
    body, _, check = code.partition("-")
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10 == int(check)

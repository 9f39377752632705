"""Published totals as HealthDCAT-AP's numbers, and as sentences that say what the numbers are.

numberOfUniqueIndividuals and numberOfRecords hold one integer, so they are given for a released total
only. A bound is said in a sentence, a suppressed total not at all.
"""

from __future__ import annotations

from knowledge.catalog.portal.totals import Total
from knowledge.catalog.portal.vocabulary import Node, typed, words
from knowledge.text import Language

_TERMS = {
    "patients": "healthdcatap:numberOfUniqueIndividuals",
    "records": "healthdcatap:numberOfRecords",
}


def number_members(totals: dict[str, Total]) -> Node:
    """The members of a dataset's node; ``totals`` by "patients" and "records"."""
    return {
        _TERMS[name]: typed(total.value, "nonNegativeInteger")
        for name, total in totals.items()
        if total.status == "released" and total.value is not None
    }


def number_sentences(totals: dict[str, Total], as_of: str, language: Language) -> list[str]:
    """What the numbers stand for, in words."""
    said = words(language)
    sentences = []
    for name, total in totals.items():
        if total.status == "released" and total.value is not None:
            form = "exact" if total.low == total.high else "released"
        elif total.status == "bound":
            form = "bound"
        else:
            continue
        sentences.append(
            said[form].format(
                what=said[name],
                value=total.value,
                low=total.low,
                high=total.high,
                rule=total.rule,
                as_of=as_of,
            )
        )
    return sentences

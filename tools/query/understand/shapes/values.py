"""Questions for what was measured of patients: the catalog has counts and a dictionary, and no values."""

from __future__ import annotations

from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import GLOSSARY
from tools.query.understand.outcome import Absent, Note, Outcome

NEAR = 2  # segments between a variable and the number that it is compared with
MAX_PLACES = 4
_MEAN = "mean"
_MIDDLE = ("median", "중앙값")  # also said of a follow-up


def build_values(clues: Clues) -> Outcome | None:
    """Absent for an average, a correlation or a limit on the values of a variable; else None."""
    variables = [
        i for i in clues.mentions("variable")
        if any(s.tier <= GLOSSARY for s in clues.segments[i].names("variable"))
        and not clues.segments[i].names("cohort", "dataset")
    ]
    if clues.has("field.missing", "field.complete"):
        return None
    if not variables and clues.has("statistic"):
        return _of_ages(clues)
    if not variables:
        return None
    if not (_summed_up(clues, variables) or _limited(clues, variables)):
        return None
    words = ", ".join(clues.word(i) for i in variables)
    return Absent(Note("no_values", {"words": words}), _places(clues, variables))


def _of_ages(clues: Clues) -> Outcome | None:
    """ "The average age of X patients": ages are published in bands only."""
    at = clues.find("dimension.age_band")
    if at is None or not clues.has("people", "measure.patients"):
        return None
    return Absent(Note("no_values", {"words": clues.word(at)}))


def _summed_up(clues: Clues, variables: list[int]) -> bool:
    """ "The average of X", "median X", and "mean X", which is not "what does it mean"."""
    followed = any(s.plays("field.follow_up") and s.text.lower() not in _MIDDLE for s in clues.segments)
    middle = any(s.text.lower() in _MIDDLE for s in clues.segments) and not followed
    mean = any(i and clues.word(i - 1).lower() == _MEAN for i in variables)
    return clues.has("statistic") or middle or mean


def _limited(clues: Clues, variables: list[int]) -> bool:
    """ "Patients with X over 300": people are to be chosen by a value."""
    if not clues.has("people", "measure.patients"):
        return False
    at = [i for q in clues.quantities if q.kind == "plain" and q.comparison() for i in q.at]
    return any(abs(i - j) <= NEAR for i in variables for j in at)


def _places(clues: Clues, variables: list[int]) -> tuple[str, ...]:
    """Where the variables are recorded: "Haemoglobin (CKD cohort)"."""
    found: dict[str, None] = {}
    for i in variables:
        for name in clues.ids(i, "variable"):
            for variable in clues.catalog.variables_by_name.get(name, ()):
                dataset = clues.catalog.dataset_by_id[variable.dataset]
                korean = clues.language == "ko"
                label = (variable.label_ko if korean else variable.label_en) or name
                title = (dataset.title_ko if korean else dataset.title_en) or variable.dataset
                found[f"{label} ({title})"] = None
    return tuple(found)[:MAX_PLACES]

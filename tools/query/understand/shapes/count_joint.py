"""Cohorts that are asked of one group of people: who has both is not held."""

from __future__ import annotations

import re
from itertools import pairwise

from tools.query.understand.clues import Clues

_JOINTLY = re.compile(
    r"(?i)이?면서|[도이가] 있고|동시에|함께 (?:가진|앓|있)|동반|겸한|겹치"
    r"|\b(?:also ha(?:s|ve|d)|as well as having|comorbid|coexist|concurrent|who (?:also )?have)\b"
)
_EACH_OF_BOTH = {"both", "둘 다", "둘다", "모두", "전부"}
# All that stands between two cohorts where the second is said of the people of the first.
_SAID_OF_EN = re.compile(
    r"(?:\s+(?:patients|people|persons|cases|survivors|adults|children|men|women|boys|girls|residents|subjects"
    r"|participants|individuals|those|ones))?(?:\s+(?:who|that|which))?"
    r"(?:\s+(?:also|later|then|subsequently|eventually|ever|newly|have|had|has|were|was|are|been|went|go|gone"
    r"|on|to|ended|up))*"
    r"\s+(?:became|become|turned|got|get|gets|gotten|getting|developed|develops?|developing|ha(?:d|ve|s)|having"
    r"|suffer(?:ed|ing|s)?|experienc(?:ed|es?|ing)|contracted|acquired|with|are|were|diagnosed)"
    r"(?:\s+(?:also|later|then|subsequently|from|with|by|any|an?|the|some|new))*\s+",
    re.IGNORECASE,
)
_PEOPLE_KO = r"(?:환자군|환자|사람|인원|분|어르신|성인|아이|여성|남성)"
_SAID_OF_KO = re.compile(
    rf"(?:[이가을를]?\s?(?:있는|있던|앓는|앓던|가진|걸린|생긴|진단받은)|인)?\s?{_PEOPLE_KO}들?\s?"
    r"(?:\d[\d,]*\s?명\s?)?(?:중|가운데)(?:에서는|에서|에는|에)?,?\s"
    r"(?:(?:\d{4}년?(?:도)?|작년|지난해|올해|재작년)(?:에)?\s|(?:나중에|이후에?|새로|실제로|추가로|또)\s)*"
)


def are_joint(clues: Clues) -> bool:
    """ "Patients with both A and B", "A patients who developed B", "A 환자 중 B가 생긴 사람", rather than "A
    vs B, numbers for both"."""
    named = [i for i, s in enumerate(clues.segments) if s.names("cohort")]
    said = clues.text[clues.segments[named[0]].end : clues.segments[named[-1]].start] if named else ""
    if _JOINTLY.search(said):
        return True  # "천식이면서 비만도 있는"
    if _said_of_each_other(clues, [i for i in named if i in clues.used]):
        return True
    for i, segment in enumerate(clues.segments):
        if not segment.plays("both"):
            continue
        between = clues.segments[max(named, default=i) + 1 : i]
        each = segment.text.lower() in _EACH_OF_BOTH and i > max(named, default=i)
        if not (each and (clues.has("compare") or any(s.plays("measure.", "how_many") for s in between))):
            return True
    return False


def _said_of_each_other(clues: Clues, named: list[int]) -> bool:
    """Whether one cohort is told of the people of the one named before it."""
    pattern = _SAID_OF_KO if clues.language == "ko" else _SAID_OF_EN
    return any(
        pattern.fullmatch(clues.text[clues.segments[i].end : clues.segments[j].start])
        and set(clues.ids(i, "cohort")) != set(clues.ids(j, "cohort"))
        for i, j in pairwise(named)
    )

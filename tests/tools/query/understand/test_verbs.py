"""Forms of English verbs by rule and by list."""

from __future__ import annotations

import pytest

from tools.query.understand.operators import load_operators
from tools.query.understand.verbs import forms
from tools.query.understand.words import key

IRREGULAR = {"write": ["wrote", "written"], "jot": ["jotted", "jotting"]}


@pytest.mark.parametrize(
    ("verb", "found"),
    [
        ("write down", {"write down", "writes down", "wrote down", "written down", "writing down"}),
        ("jot", {"jot", "jots", "jotted", "jotting"}),
        ("carry", {"carry", "carries", "carried", "carrying"}),
        ("reach", {"reach", "reaches", "reached", "reaching"}),
        ("use", {"use", "uses", "used", "using"}),
        ("log*", {"loged"}),
        ("be seen for", {"seen for", "be seen for"}),
    ],
)
def test_a_verb_has_its_forms(verb, found):
    assert set(forms(verb, IRREGULAR)) == found


def test_verbs_do_what_their_family_does():
    operators = load_operators()
    assert operators.of(key("written down")) == ("exist",)
    assert operators.of(key("came down with")) == ("filler",)
    assert not operators.of(key("logs"))  # a noun as well


def test_a_listed_word_keeps_what_it_is_listed_for():
    assert "filler" not in load_operators().of(key("recorded"))

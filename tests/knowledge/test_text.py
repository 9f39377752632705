import pytest

from knowledge.text import language_of, morphemes, normalize, search_terms


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("병원별 COPD 환자 수는 몇 명인가요?", "ko"),
        ("FEV1이랑 FVC", "ko"),
        ("How many patients have COPD?", "en"),
        ("What does the word 만성 mean in the Korean dictionary of the registry?", "en"),
        ("123", "en"),
    ],
)
def test_language_is_what_a_person_would_say(text, language):
    assert language_of(text) == language


def test_normal_form_drops_what_libraries_cannot_take():
    assert normalize("ＣＯＰＤ\x00 \ud800환자") == "COPD 환자"


def test_morphemes_keep_offsets_of_the_text_given():
    text = "병원별 환자 수"
    assert [text[m.start : m.end] for m in morphemes(text)] == ["병원", "별", "환자", "수"]


def test_particles_stuck_to_latin_words_do_not_hide_the_word():
    assert "fev1" in search_terms("FEV1이랑 결측률")
    assert "결측률" in search_terms("FEV1이랑 결측률")


def test_plural_meets_singular_and_parts_are_found():
    assert set(search_terms("datasets")) == set(search_terms("dataset"))
    assert "ray" in search_terms("chest X-ray")

"""Marks of a passage: terms in the index that no text gives, for what kinds of values stand in it.

A question that asks when, how much or whom to call is answered where a date, an amount or a number to call
stands; of passages that are equally about it, that one comes first.
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SPAN = r"(?:minute|hour|day|week|month|year)s?"
_NAMED = "one|two|three|four|five|six|seven|eight|nine|ten|twelve"

# mark -> how questions ask for it, and how passages write it
_SOURCES = {
    "=date": (
        r"\bwhen\b|\b(what|which) (date|day|month)|\bdead-?lines?\b|\bdue date|\b(clos|open)ing\b"
        r"|언제|며칠까지|마감|기한|날짜|일정|시작일|종료일|몇 ?월",
        r"\b(19|20)\d\d ?[-./년] ?\d{1,2}|\b\d{1,2} ?월|\b\d{1,2}\. ?\d{1,2}\."
        rf"|\b\d{{1,2}}(st|nd|rd|th)?( of)? {_MONTH}\b|\b{_MONTH}\.? (\d{{1,2}}\b|(19|20)\d\d)",
    ),
    "=money": (
        r"\bhow much|\bcosts?\b|\bprices?\b|\bfees?\b|\bamounts?\b|\bcharges?\b|\btariff|\bbudget|\bcap\b"
        r"|\bceiling|얼마|비용|요금|단가|금액|한도|수수료|가격|지원금|예산",
        r"\d[\d,.]*( ?(thousand|million|billion))? ?(won|krw|usd|eur|dollars?|euros?|pounds?|yen)\b"
        r"|(krw|usd|eur|gbp|[₩$€£¥]) ?\d|\d[\d,.]* ?[십백천만억조]* ?(원|달러|유로|엔)",
    ),
    "=duration": (
        rf"\bhow long|\bhow many [a-z ]{{0,20}}{_SPAN}\b|\bduration|\bturnaround"
        r"|얼마나 (오래|걸)|몇 ?(개월|달|년|주|시간|분|일)|며칠|기간",
        rf"\b(\d+|{_NAMED})[ -]([a-z]+ )?{_SPAN}\b|\d ?(영업일|근무일|개월|주|년(?! ?\d)|일|시간|분)",
    ),
    "=contact": (
        r"\b(tele)?phone|\be-?mail|\bcall(?! for)\b|\bcontact|전화|연락|메일|문의",
        r"\w@[\w-]+\.\w|(?<![\d-])\(?0?\d{1,3}\)?[ -]\d{3,4}-\d{4}(?!\d)|(?<!\d)1[5-8]\d\d-\d{4}(?!\d)",
    ),
    "=share": (
        r"\bper ?cent|\brates?\b|\bshare\b|\bproportion|비율|퍼센트|몇 ?%|몇 ?프로|얼마",
        r"\d ?(%|per ?cent\b|퍼센트)",
    ),
    "=time": (
        r"\bwhat time|\bhours\b|몇 ?시(?!간)|운영 ?시간",
        r"\b\d{1,2}:\d\d\b|\b\d{1,2} ?[ap]\.?m\b|\d{1,2} ?시(?!간)|\bnoon\b|정오",
    ),
}
_ASKED = {mark: re.compile(asked, re.IGNORECASE) for mark, (asked, _) in _SOURCES.items()}
_WRITTEN = {mark: re.compile(written, re.IGNORECASE) for mark, (_, written) in _SOURCES.items()}


def marks_of(text: str) -> tuple[str, ...]:
    """The marks of a passage with this text."""
    return tuple(mark for mark, pattern in _WRITTEN.items() if pattern.search(text))


def wanted_marks(question: str) -> frozenset[str]:
    """The marks of passages that hold a value such as the question asks for."""
    return frozenset(mark for mark, pattern in _ASKED.items() if pattern.search(question))

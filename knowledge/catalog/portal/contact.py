"""A contact as a catalog gives it, which may be an e-mail address, a page, or just words, as nodes."""

from __future__ import annotations

import re

from knowledge.catalog.portal.vocabulary import Node, given, link

_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_PAGE = re.compile(r"https?://\S+")


def mail_of(text: str | None) -> str | None:
    """The e-mail address in a text."""
    found = _MAIL.search(text or "")
    return found[0] if found else None


def page_of(text: str | None) -> str | None:
    """The web address in a text."""
    found = _PAGE.search(text or "")
    return found[0] if found else None


def address_of(text: str | None) -> str | None:
    """Where a contact can be written to: mailto: or http; None for words."""
    mail = mail_of(text)
    return f"mailto:{mail}" if mail else page_of(text)


def contact_kind(text: str | None) -> Node | None:
    """A dataset's contact point, a vcard:Kind; None where the text holds no address."""
    mail, page = mail_of(text), page_of(text)
    if not (mail or page):
        return None
    return given(
        {
            "@type": "vcard:Kind",
            "vcard:hasEmail": link(f"mailto:{mail}") if mail else None,
            "vcard:hasURL": link(page) if page else None,
        }
    )


def agent_contact(mail: str | None, page: str | None) -> Node | None:
    """An agent's contact point, a cv:ContactPoint; None where there is no address."""
    if not (mail or page):
        return None
    return given(
        {"@type": "cv:ContactPoint", "cv:email": mail, "cv:contactPage": link(page) if page else None}
    )

"""The menus of the three faces mark the entry that a page belongs to."""

import pytest
from django.template.context import Context
from django.test import RequestFactory
from django.urls import resolve, reverse

from balie.web.templatetags.menus import MENUS


def marked(face: str, address: str) -> list[tuple[str, str]]:
    """Which entries are marked on this page, and how."""
    entries, place = MENUS[face]
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    here = place(Context({"request": request}))
    return [(one.page, mark) for one in entries if (mark := one.current(here))]


@pytest.mark.parametrize(
    ("face", "page"), [(face, one.page) for face, (entries, _place) in MENUS.items() for one in entries]
)
def test_an_entry_is_marked_on_the_page_it_leads_to_and_no_other_is(face: str, page: str) -> None:
    assert [found for found, _mark in marked(face, reverse(page))] == [page]


@pytest.mark.parametrize(
    ("face", "address", "entry"),
    [
        ("office", "/contracts/1/cancel/", ("clients", "true")),
        ("office", "/statements/1.pdf", ("months", "true")),
        ("office", "/winback/", ("controlling", "true")),
        ("desk", "/desk/", ("desk", "page")),
        ("portal", "/portal/sms/", ("portal_calls", "true")),
        ("portal", "/portal/services/1/cancel/", ("portal_services", "true")),
    ],
)
def test_pages_below_an_entry_mark_it(face: str, address: str, entry: tuple[str, str]) -> None:
    assert marked(face, address) == [entry]


def test_a_page_that_belongs_to_no_entry_marks_none() -> None:
    assert marked("portal", reverse("portal_details")) == []

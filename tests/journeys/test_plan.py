"""Which forms are tried, and why the others are not."""

from dataclasses import replace

import pytest

from compliance.journeys.plan import acts, form_targets
from compliance.model.content import Field, Form
from compliance.model.visit import Session, Visit, VisitOutcome

EMAIL = Field("email", "email", "E-mail")
CONTACT = Form("https://shop.test/send", "post", (EMAIL,), submit_text="Send")


def visit(path, forms=(), links=()):
    page = f"https://shop.test{path}"
    return Visit(path, "visitor", Session.FIRST, page, VisitOutcome.OK, final_url=page, forms=forms, links=links)


def test_a_form_on_many_pages_is_tried_once_where_it_is_seen():
    hidden = replace(CONTACT, visible=False)
    found = form_targets([visit("/a", (hidden,)), visit("/b", (CONTACT,)), visit("/c", (CONTACT,))])
    assert found.tried == (("https://shop.test/b", CONTACT),)
    assert found.left_out == ()


def test_a_form_that_posts_to_its_own_page_is_one_form():
    forms = [visit(p, (replace(CONTACT, action=f"https://shop.test{p}"),)) for p in ("/a", "/b")]
    assert len(form_targets(forms).tried) == 1


def test_forms_that_demand_different_fields_are_two():
    demanding = replace(CONTACT, fields=(replace(EMAIL, value_missing=True),))
    assert len(form_targets([visit("/a", (CONTACT, demanding))]).tried) == 2


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (replace(CONTACT, visible=False), "nobody sees it"),
        (replace(CONTACT, fields=(EMAIL, Field("p", "password", "Password"))), "it logs somebody in"),
        (replace(CONTACT, submit_text="Delete my account"), "its button says “delete”"),
        (replace(CONTACT, submit_text="Jetzt kaufen"), "its button says “jetzt kaufen”"),
        (replace(CONTACT, action="https://shop.test/unsubscribe"), "its address says “unsubscribe”"),
        (replace(CONTACT, action="mailto:a@shop.test"), "it opens a program"),
    ],
)
def test_left_out_with_the_reason(form, why):
    found = form_targets([visit("/", (form,))])
    assert found.tried == ()
    assert found.left_out[0][2].startswith(why)


def test_forms_that_ask_nothing_personal_are_no_candidates():
    search = Form("https://shop.test/search", "get", (Field("q", "search", "Search"),))
    trap = Form("https://shop.test/x", "post", (replace(EMAIL, visible=False, name="website"),))
    found = form_targets([visit("/", (search, trap))])
    assert not found.tried
    assert [form for _, form, _ in found.left_out if form == search] == []


def test_cap_is_said():
    forms = tuple(replace(CONTACT, action=f"https://shop.test/{n}") for n in range(5))
    found = form_targets([visit("/", forms)], limit=3)
    assert len(found.tried) == 3
    assert {why for _, _, why in found.left_out} == {"more than 3 forms"}


def test_ordinary_buttons_do_not_act():
    for text in ("Send", "Submit", "Subscribe", "Absenden", "Get a quote", ""):
        assert acts(replace(CONTACT, submit_text=text)) == ""

"""Which links are pressed."""

from compliance.knowledge.pressing import link_targets
from compliance.model.content import Link
from compliance.model.observation import Site
from compliance.model.visit import Session, Visit, VisitOutcome


def visit(path, links):
    page = f"https://shop.test{path}"
    return Visit(path, "visitor", Session.FIRST, page, VisitOutcome.OK, final_url=page, links=links)


def test_links_one_per_destination_visible_external_and_capped():
    def link(href, **how):
        return Link(href, "x", **how)

    site = Site("https://shop.test/", first_party=frozenset({"shop.test", "shop-cdn.test"}))
    pages = [
        visit("/a", (link("https://one.test/"), link("https://www.one.test/b"), link("mailto:a@one.test"))),
        visit("/b", (link("https://shop-cdn.test/"), link("https://two.test/", visible=False))),
        visit("/c", (link("https://two.test/"), link("https://three.test/"))),
    ]
    assert [x.href for _, x in link_targets(pages, site)] == [
        "https://one.test/",
        "https://two.test/",
        "https://three.test/",
    ]
    assert len(link_targets(pages, site, limit=2)) == 2


def test_links_in_frames_of_others_are_theirs():
    site = Site("https://shop.test/", first_party=frozenset({"shop.test"}))
    framed = (
        Link("https://ad.test/", "x", frame="https://ads.test/f"),
        Link("https://one.test/", "x", frame="https://shop.test/f"),
    )
    assert [x.href for _, x in link_targets([visit("/", framed)], site)] == ["https://one.test/"]

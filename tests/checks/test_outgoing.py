"""The requests by which the whole window went somewhere."""

import json

from compliance.checks.identity._outgoing import chain, outgoing
from compliance.model.activity import Request
from compliance.store.codec import decode, encode
from compliance.testing import request, site, visit

HOME, GO, DONE = "https://shop.test/", "https://shop.test/go", "https://shop.test/done"
HOP = "https://hop.test/r"


def document(url, to="", whole=True):
    return request(url, resource="document", redirected_to=to, whole_page=whole)


WAY = [document(GO, HOP), document(HOP, DONE), document(DONE)]
FRAME = [document("https://ads.test/f", "https://ads.test/?u=1", False), document("https://ads.test/?u=1", "", False)]


def older(asked):
    """The requests as they are read from a run in which it was not recorded where the window went."""
    rows = json.loads(encode(tuple(asked), tuple[Request, ...]))
    for row in rows:
        del row["whole_page"]
    return decode(json.dumps(rows), tuple[Request, ...])


def urls(asked, url=GO, final=DONE):
    return [hop.url for hop in chain(visit(url, final_url=final, requests=asked))]


def test_where_the_window_went_is_what_was_recorded():
    assert urls([*FRAME, *WAY]) == [GO, HOP, DONE]
    assert urls([document(HOME), *FRAME, *WAY[1:]], HOME, HOME) == [HOME, HOP, DONE], "by a script"
    assert urls([document(url, to, False) for url, to in ((GO, HOP), (HOP, DONE))]) == []
    assert urls([request(GO, whole_page=True)]) == [], "a picture leads nowhere"


def test_in_an_older_run_it_is_worked_out_from_redirects():
    assert {one.whole_page for one in older(WAY)} == {None}
    assert urls(older([*FRAME, *WAY])) == [GO, HOP, DONE]
    assert urls(older([document(HOME), *FRAME, *WAY[1:]]), HOME) == [HOME, HOP, DONE], "by a script, and it stayed"
    assert urls(older([document(GO, HOP), document(HOP, GO)])) == [GO, HOP], "in a circle"
    assert urls(older(FRAME)) == urls([]) == []


def test_a_redirect_of_an_older_run_is_an_address_that_leads_out():
    made = visit(GO, requests=older([*FRAME, *WAY[:1]]))
    assert [one.url for one in outgoing(made, site())] == [HOP]

"""Where something was stored first, though several pages were open at once."""

from compliance.crawl.sample import where_first_stored
from compliance.testing import cookie, set_cookie, stored, visit

SHOP = "https://shop.test"


def at(path, begin, end, **fields):
    began, ended = (f"2026-11-22T12:00:{second:02}.000" for second in (begin, end))
    return visit(f"{SHOP}{path}", started=began, finished=ended, **fields)


def test_the_page_that_sets_a_cookie_counts_and_not_the_one_that_shows_it_first():
    """The other page ended earlier, with the cookie in the common jar."""
    shows = at("/about", 1, 3, jar=[cookie("lead")])
    sets = at("/contact", 2, 4, set_cookies=[set_cookie("lead")], jar=[cookie("lead", domain=".shop.test")])
    assert where_first_stored([shows, sets]) == [f"{SHOP}/contact"]


def test_a_cookie_that_is_set_again_is_not_new():
    visits = [at(path, 1, 2, set_cookies=[set_cookie("lead")]) for path in ("/", "/about")]
    assert where_first_stored(visits) == [f"{SHOP}/"]


def test_whatever_was_open_may_have_written_an_item():
    before = at("/before", 0, 1)
    shows = at("/shows", 2, 4, storage=[stored("id", "1")])
    beside = at("/beside", 3, 5, storage=[stored("id", "1")])
    after = at("/after", 6, 7, storage=[stored("id", "1"), stored("other", "1")])
    assert where_first_stored([before, shows, beside, after]) == [f"{SHOP}/shows", f"{SHOP}/beside", f"{SHOP}/after"]


def test_setters_come_before_guesses_and_nothing_is_nothing():
    guess = at("/guess", 1, 2, storage=[stored("id", "1")])
    sure = at("/sure", 3, 4, set_cookies=[set_cookie("lead")])
    assert where_first_stored([guess, sure]) == [f"{SHOP}/sure", f"{SHOP}/guess"]
    assert where_first_stored([at("/", 1, 2)]) == []
    assert where_first_stored([]) == []

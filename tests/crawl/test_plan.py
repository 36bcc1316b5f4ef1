"""What a spec and the settings make of a crawl: who sees what, where it starts, how politely."""

from dataclasses import replace

import pytest

from compliance.crawl.plan import POLITE_DELAY, make_plan
from compliance.errors import SettingsError
from compliance.model.spec import Promise, ScopeSpec, Spec
from compliance.model.visit import APART, AS_NEEDED, Aspect, Session
from compliance.settings import Settings
from compliance.specfile.loader import load_spec
from tests.audit.prepared import project


@pytest.fixture
def loaded(tmp_path):
    """The shop's spec with other checks, scope, site or policy."""
    base = load_spec(project(tmp_path))

    def build(*checks, url="https://shop.test/", policy=None, site=None, **more):
        promise = {"id": "p", "quote": "x", "category": "data-retention", "checks": list(checks)}
        spec = Spec(
            version=1,
            site={"url": url, **(site or {})},
            policy={"path": "x", "url": policy},
            promises=[Promise(**promise)],
            **more,
        )
        return replace(base, spec=spec, parameters={})

    return build


def plan(loaded, *, site=None, **settings):
    return make_plan(loaded, Settings(**settings), site=site)


# ---- what is recorded, and by whom


def test_links_are_always_recorded_and_nothing_else_without_need(loaded):
    made = plan(loaded())
    assert (made.aspects, made.sessions) == ({Aspect.LINKS}, (Session.FIRST,))


def test_aspects_and_sessions_are_the_union_of_what_the_checks_declare(loaded):
    made = plan(loaded("policy-unchanged", "third-party-requests"))
    assert made.aspects == {Aspect.LINKS, Aspect.TEXT, Aspect.REQUESTS}
    assert made.sessions == (Session.FIRST,)
    made = plan(loaded("third-party-requests", "no-identifying-cookies", "form-fields-optional"))
    assert made.aspects == {Aspect.LINKS, Aspect.REQUESTS, Aspect.COOKIES, Aspect.FORMS, Aspect.FORM_PROBES}
    assert set(made.sessions) == set(Session) - AS_NEEDED - APART
    assert set(plan(loaded("no-respawning")).sessions) == set(Session) - APART
    assert plan(loaded("no-click-ids")).sessions == (Session.FIRST, Session.LANDED)


def test_aspects_of_every_promise_count(loaded):
    spec = loaded("third-party-requests")
    second = spec.spec.promises[0].model_copy(update={"id": "q", "checks": {"cookie-lifetime": {}}})
    both = replace(spec, spec=spec.spec.model_copy(update={"promises": [*spec.spec.promises, second]}))
    assert plan(both).aspects == {Aspect.LINKS, Aspect.REQUESTS, Aspect.COOKIES}


def test_aspects_that_depend_on_parameters(tmp_path):
    base = load_spec(project(tmp_path))
    asked = {key: value.also_reads() for key, value in base.parameters.items()}
    assert plan(base).aspects >= frozenset({Aspect.LINKS, Aspect.REQUESTS}).union(*asked.values())


# ---- where it starts


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://shop.test", "https://shop.test/"),
        ("https://shop.test/", "https://shop.test/"),
        ("https://shop.test/en/", "https://shop.test/en/"),
        ("https://shop.test?lang=en", "https://shop.test/?lang=en"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
    ],
)
def test_the_crawl_starts_at_the_sites_address(loaded, url, start):
    made = plan(loaded(url=url))
    assert (made.site.url, made.seeds) == (start, (start,))


def test_seeds_are_paths_of_the_site_or_addresses(loaded):
    scope = ScopeSpec(seeds=["/", "/shop", "about", "/", "https://blog.shop.test/x"])
    made = plan(loaded(url="https://shop.test/en/", scope=scope))
    assert made.seeds == (
        "https://shop.test/", "https://shop.test/shop", "https://shop.test/en/about", "https://blog.shop.test/x",
    )  # fmt: skip


def test_another_address_moves_seeds_and_policy_along(loaded):
    scope = ScopeSpec(seeds=["/", "https://shop.test/a?b=1#/c", "https://blog.shop.test/x"])
    made = plan(loaded(policy="/privacy", scope=scope), site="http://127.0.0.1:8000/preview/")
    assert made.site.url == "http://127.0.0.1:8000/preview/"
    assert made.site.policy_url == "http://127.0.0.1:8000/privacy"
    assert made.seeds == (
        "http://127.0.0.1:8000/", "http://127.0.0.1:8000/a?b=1#/c", "https://blog.shop.test/x",
    )  # fmt: skip
    assert plan(loaded(), site="http://127.0.0.1:8000/preview/").seeds == ("http://127.0.0.1:8000/preview/",)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, ""),
        ("/privacy", "https://staging.test/privacy"),
        ("privacy", "https://staging.test/privacy"),
        ("https://shop.test/privacy", "https://staging.test/privacy"),
        ("https://www.shop.test/privacy", "https://www.shop.test/privacy"),
        ("https://legal.test/shop", "https://legal.test/shop"),
    ],
)
def test_the_policy_of_another_host_stays_where_it_is(loaded, policy, expected):
    assert plan(loaded(policy=policy), site="https://staging.test").site.policy_url == expected


@pytest.mark.parametrize(
    "site", ["staging.test", "ftp://staging.test/", "https://", "https:///x", "http://[bad", "http://x:port/", "/", "x"]
)
def test_an_address_that_is_none_is_refused(loaded, site):
    with pytest.raises(SettingsError, match="not an http"):
        plan(loaded(), site=site)


# ---- who belongs to it


def test_the_owners_domains(loaded):
    site = {
        "first_party": ["shop-cdn.test", "www.shop.org", "Bücher.example"],
        "processors": {"a.pay.test": "pays"},
    }
    made = plan(loaded(url="https://www.shop.test/", site=site), site="https://pr-7.preview.test/").site
    assert made.first_party == {"shop.test", "preview.test", "shop-cdn.test", "shop.org", "xn--bcher-kva.example"}
    assert made.processors == {"pay.test": "pays"}
    assert made.is_first_party("https://img.shop-cdn.test/x")
    assert not made.is_first_party("https://shop-cdn.test.evil.test/")


# ---- how politely


@pytest.mark.parametrize(
    ("url", "resolve", "delay"),
    [
        ("https://shop.test/", (), POLITE_DELAY),
        ("http://127.0.0.1:8000/", (), 0),
        ("http://127.9.9.9/", (), 0),
        ("http://[::1]:8000/", (), 0),
        ("http://localhost:8000/", (), 0),
        ("http://shop.localhost/", (), 0),
        ("http://localhost.shop.test/", (), POLITE_DELAY),
        ("http://127.0.0.1.nip.example/", (), POLITE_DELAY),
        ("http://192.168.1.5/", (), POLITE_DELAY),
        ("http://10.0.0.1/", (), POLITE_DELAY),
        ("http://0x7f.1/", (), POLITE_DELAY),
        ("https://shop.test/", ("shop.test:127.0.0.1:8443",), 0),
        ("https://shop.test/", ("*.test:127.0.0.1",), 0),
        ("https://shop.test/", ("shop.test:[::1]:8443",), 0),
        ("https://shop.test/", ("shop.test:localhost",), 0),
        ("https://shop.test/", ("shop.test:203.0.113.7",), POLITE_DELAY),
        ("https://shop.test/", ("www.shop.test:127.0.0.1",), POLITE_DELAY),
        ("https://www.shop.test/", ("*.test:203.0.113.7", "www.shop.test:127.0.0.1"), POLITE_DELAY),
        ("http://127.0.0.1/", ("127.0.0.1:203.0.113.7",), POLITE_DELAY),
    ],
)
def test_nobody_waits_on_this_machines_own_addresses_and_everybody_else_is_spared(loaded, url, resolve, delay):
    assert plan(loaded(url=url), resolve=resolve).delay == delay


@pytest.mark.parametrize("delay", [0, 0.2, 30])
def test_what_the_spec_says_about_it_holds(loaded, delay):
    assert plan(loaded(scope=ScopeSpec(delay=delay))).delay == delay
    assert plan(loaded(url="http://127.0.0.1/", scope=ScopeSpec(delay=delay))).delay == delay


@pytest.mark.parametrize("entry", ["shop.test", "shop.test:", ""])
def test_an_override_without_an_address_is_refused(loaded, entry):
    with pytest.raises(SettingsError, match="needs an address"):
        plan(loaded(), resolve=(entry,))

"""What forms demand: tried, read from attributes, or only said; and forms built to fool."""

import pytest

from compliance.checks import judge
from compliance.checks.forms.form_fields_optional import FormFieldsOptional, form_fields_optional
from compliance.model.trials import FormCase, FormProbe, ProbeResult
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import VisitOutcome
from compliance.testing import context, form, form_field, observe, visit

PAGE = "https://shop.test/contact"
SENT, NATIVE, SCRIPT = ProbeResult.SUBMITTED, ProbeResult.BLOCKED_NATIVE, ProbeResult.BLOCKED_SCRIPT
CAPTCHA, UNKNOWN = ProbeResult.BLOCKED_CAPTCHA, ProbeResult.UNKNOWN
STRICT, REASONABLE = FormFieldsOptional(), FormFieldsOptional(reading="reasonable")

NAME = form_field("name", label="Name", autocomplete="name")
EMAIL = form_field("email", "email", "E-mail")
PHONE = form_field("phone", "tel", "Phone")
MESSAGE = form_field("message", "textarea", "Message")


def must(field, **more):
    """The same field, natively required."""
    return form_field(field.name, field.type, field.label, required=True, value_missing=True, **more)


def contact(*fields, **more):
    return form(*(fields or (NAME, EMAIL, MESSAGE)), name="Contact", **more)


def probe(tried, results, page=PAGE, error="", signals=()):
    """`results`: case → result; what was left blank follows from the case's name."""
    personal = [f.name for f in tried.fields if f.name != "message"]
    blank = {"full": [], "blank": [f.name for f in tried.fields], "minimal": personal}
    cases = tuple(
        FormCase(case, tuple(blank.get(case, [case.partition(":")[2]])), result, tuple(signals), screenshot="shot")
        for case, result in results.items()
    )
    return FormProbe("probe-1", page, tried, cases, error)


def verdict_of(one, results=None, parameters=STRICT, signals=(), error="", **page):
    probes = () if results is None and not error else (probe(one, results or {}, signals=signals, error=error),)
    observed = observe(visit(PAGE, forms=[one], **page), forms_tried=probes)
    return judge(form_fields_optional, parameters, observed, context())


def causes(verdict):
    return [finding.cause for finding in verdict.findings]


OPTIONAL = {"full": SENT, "blank": SENT, "minimal": SENT, "without:name": SENT, "without:email": SENT}


@pytest.mark.parametrize("parameters", [STRICT, REASONABLE])
def test_a_form_that_goes_through_blank_passes_in_both_readings(parameters):
    verdict = verdict_of(contact(), OPTIONAL, parameters)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.examined == 1
    assert "what the server demands was not tried" in " ".join(verdict.notes)


def test_a_script_that_refuses_a_blank_field_breaks_it():
    results = {"full": SENT, "blank": SCRIPT, "minimal": SCRIPT, "without:name": SENT, "without:email": SCRIPT}
    verdict = verdict_of(contact(), results, signals=("Please tell us your address",))
    assert verdict.outcome is Outcome.FAILED
    assert causes(verdict) == ["required:post /contact [email,message,name]:email"]
    found = verdict.findings[0]
    assert "“Contact” (/contact) demands “E-mail”" in found.message
    assert "Please tell us your address" in found.message
    evidence = found.evidence[0]
    assert (evidence.visit, evidence.locator, evidence.blob) == ("probe-1", '[name="email"]', "shot")


def test_native_validation_is_a_demand():
    one = contact(NAME, must(EMAIL), MESSAGE)
    results = {"full": SENT, "blank": NATIVE, "minimal": NATIVE, "without:name": SENT, "without:email": NATIVE}
    assert causes(verdict_of(one, results))[0].endswith(":email")


def test_required_that_nothing_enforces_is_a_note():
    verdict = verdict_of(contact(NAME, must(EMAIL), MESSAGE, no_validate=True), OPTIONAL)
    assert verdict.outcome is Outcome.PASSED
    assert any("nothing enforces it" in note for note in verdict.notes)


def test_one_of_two_is_a_demand_in_the_strict_reading_only():
    one = contact(EMAIL, PHONE, MESSAGE)
    results = {"full": SENT, "blank": SCRIPT, "minimal": SCRIPT, "without:email": SENT, "without:phone": SENT}
    assert causes(verdict_of(one, results)) == ["required:post /contact [email,message,phone]:one-of(email|phone)"]
    assert verdict_of(one, results, REASONABLE).outcome is Outcome.PASSED


def test_a_message_that_is_required_is_no_personal_information():
    results = {"full": SENT, "blank": SCRIPT, "minimal": SENT, "without:name": SENT, "without:email": SENT}
    assert verdict_of(contact(NAME, EMAIL, must(MESSAGE)), results).outcome is Outcome.PASSED


@pytest.mark.parametrize("result", [UNKNOWN, NATIVE, SCRIPT])
def test_a_form_that_is_not_sent_even_when_full_says_nothing(result):
    results = {"full": result, "blank": NATIVE, "without:name": NATIVE, "without:email": NATIVE}
    verdict = verdict_of(contact(NAME, must(EMAIL), MESSAGE), results)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert not verdict.findings


def test_a_probe_without_its_control_says_nothing():
    verdict = verdict_of(contact(), {"without:email": SCRIPT})
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_a_captcha_blocks_unless_the_browser_has_refused_already():
    results = {"full": CAPTCHA, "blank": CAPTCHA}
    verdict = verdict_of(contact(captcha="turnstile"), results)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.BLOCKED)
    one = contact(NAME, must(EMAIL), MESSAGE, captcha="turnstile")
    assert causes(verdict_of(one, {"full": CAPTCHA, "blank": NATIVE}))[0].endswith(":email")


def test_tries_that_disagree_are_flaky():
    verdict = verdict_of(contact(EMAIL, MESSAGE), {"full": SENT, "minimal": SENT, "without:email": SCRIPT})
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.FLAKY)


def test_a_field_that_was_not_tried_is_no_pass():
    verdict = verdict_of(contact(), {"full": SENT, "blank": SCRIPT, "without:name": SENT})
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_each_optional_but_never_all_at_once_tried_is_no_pass():
    results = {"full": SENT, "blank": SCRIPT, "without:name": SENT, "without:email": SENT}
    assert verdict_of(contact(), results).outcome is Outcome.INCONCLUSIVE


def test_without_a_probe_the_browsers_own_demand_counts():
    verdict = verdict_of(contact(NAME, must(EMAIL), MESSAGE), error="the page went away")
    assert causes(verdict)[0].endswith(":email")
    assert verdict.findings[0].evidence[0].aspect == "forms"


def test_without_a_probe_nothing_demanded_is_no_pass():
    verdict = verdict_of(contact(), error="the page went away")
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert "could not be tried (the page went away)" in verdict.explanation
    assert verdict_of(contact(), None).outcome is Outcome.INCONCLUSIVE


def test_probes_that_nobody_recorded_are_no_pass():
    observed = observe(visit(PAGE, forms=[contact()]))
    verdict = judge(form_fields_optional, STRICT, observed, context())
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert "form_probes" in verdict.explanation


def test_forms_that_nobody_recorded_are_no_pass():
    observed = observe(visit(PAGE, forms=None), forms_tried=())
    assert judge(form_fields_optional, STRICT, observed, context()).outcome is Outcome.INCONCLUSIVE


def test_what_the_site_filled_in_is_not_demanded():
    country = form_field("country", "select", "Country", required=True, value_missing=True, value="NL")
    phone = must(PHONE, value="+49")
    verdict = verdict_of(contact(country, phone, MESSAGE), error="cap reached")
    assert not verdict.findings


@pytest.mark.parametrize(
    ("field", "note", "said"),
    [
        (form_field("email", "email", "E-mail *", marked_required=True), "Fields marked * are required", "marked"),
        (form_field("email", "email", "E-mail", aria_required=True), "", "aria-required"),
        (form_field("email", "email", "E-mail"), "Alle Felder sind Pflichtfelder", "Pflichtfelder"),
    ],
)
def test_what_the_visitor_is_told_counts_in_the_strict_reading(field, note, said):
    one = contact(field, MESSAGE, note=note)
    results = {"full": SENT, "minimal": SENT, "without:email": SENT}
    verdict = verdict_of(one, results)
    assert causes(verdict)[0].endswith(":email")
    assert said in verdict.findings[0].message
    relaxed = verdict_of(one, results, REASONABLE)
    assert relaxed.outcome is Outcome.PASSED
    assert any("E-mail" in note for note in relaxed.notes)


def test_a_mark_that_means_optional_is_no_demand():
    starred = form_field("email", "email", "E-Mail *", marked_required=True)
    verdict = verdict_of(contact(starred, MESSAGE, note="* freiwillige Angabe"), {"full": SENT, "minimal": SENT})
    assert verdict.outcome is Outcome.PASSED
    optional = form_field("email", "email", "E-mail (optional)", marked_optional=True)
    verdict = verdict_of(contact(optional, MESSAGE, note="All fields are required"), {"full": SENT, "minimal": SENT})
    assert verdict.outcome is Outcome.PASSED


def test_the_reasonable_reading_grants_one_way_to_answer_and_a_name():
    results = {"full": SENT, "minimal": SCRIPT, "without:name": SCRIPT, "without:email": SCRIPT}
    assert verdict_of(contact(), results, REASONABLE).outcome is Outcome.PASSED
    company = form_field("company", label="Company")
    more = contact(NAME, EMAIL, PHONE, company, MESSAGE)
    demanding = {**results, "without:phone": SCRIPT, "without:company": SCRIPT}
    found = {cause.rpartition(":")[2] for cause in causes(verdict_of(more, demanding, REASONABLE))}
    assert found == {"company", "phone"}
    assert len(causes(verdict_of(more, demanding))) == 4


def test_forms_that_ask_nothing_personal_are_not_counted():
    search = form(form_field("q", "search", "Search"), action="https://shop.test/search", method="get")
    verdict = verdict_of(search, None)
    assert (verdict.outcome, verdict.examined) == (Outcome.INAPPLICABLE, 0)


def test_a_trap_for_robots_is_no_field():
    trap = form_field("website", label="Leave this field blank", required=True, value_missing=True, visible=False)
    fax = form_field("fax", "tel", "Fax", visible=False)
    assert verdict_of(contact(NAME, EMAIL, trap, fax, MESSAGE), OPTIONAL).outcome is Outcome.PASSED


def test_a_hidden_field_that_the_form_goes_without_is_noted():
    later = form_field("phone", "tel", "Phone", visible=False)
    verdict = verdict_of(contact(NAME, EMAIL, later, MESSAGE), {**OPTIONAL, "minimal": UNKNOWN, "blank": SENT})
    assert verdict.outcome is Outcome.PASSED


def test_a_login_is_noted_and_a_registration_judged():
    login = form(
        form_field("user", label="E-mail", required=True, value_missing=True),
        form_field("pass", "password", "Password", required=True, value_missing=True),
        name="Log in",
        action="https://shop.test/login",
    )
    verdict = verdict_of(login, None)
    assert verdict.outcome is Outcome.INAPPLICABLE
    assert any("/login" in note and "has an account" in note for note in verdict.notes)
    for change in ({"name": "Register"}, {"submit_text": "Sign up"}, {"action": "https://shop.test/registrieren"}):
        given = {"name": "Account", "action": "https://shop.test/x", **change}
        assert verdict_of(form(*login.fields, **given), None).outcome is Outcome.FAILED
    new = form_field("pass", "password", "Password", autocomplete="new-password")
    assert verdict_of(form(login.fields[0], new, name="Account"), None).outcome is Outcome.FAILED


def test_a_forgotten_password_form_is_noted():
    reset = form(must(EMAIL), name="Forgot your password?", action="https://shop.test/account")
    assert verdict_of(reset, None).outcome is Outcome.INAPPLICABLE
    assert verdict_of(form(must(EMAIL), name="Newsletter"), None).outcome is Outcome.FAILED


@pytest.mark.parametrize("glob", ["contact", "/con*", "*CONTACT*"])
def test_an_exempt_form_is_noted_with_the_reason(glob):
    verdict = verdict_of(contact(NAME, must(EMAIL)), None, FormFieldsOptional(exempt={glob: "A letter needs one."}))
    assert verdict.outcome is Outcome.INAPPLICABLE
    assert any("A letter needs one (exempt: " in note for note in verdict.notes)


def test_an_exempt_field_leaves_the_others_judged():
    one = contact(must(NAME), must(EMAIL), MESSAGE)
    results = {"full": SENT, "minimal": NATIVE, "without:name": NATIVE, "without:email": NATIVE}
    verdict = verdict_of(one, results, FormFieldsOptional(exempt={"email": "to answer"}))
    assert [cause.rpartition(":")[2] for cause in causes(verdict)] == ["name"]


def test_a_form_on_every_page_is_one_finding():
    pages = [f"https://shop.test/{n}" for n in range(5)]
    footer = [form(must(EMAIL), name="Newsletter", action=page, method="script") for page in pages]
    observed = observe(*(visit(p, forms=[f]) for p, f in zip(pages, footer, strict=True)), forms_tried=())
    verdict = judge(form_fields_optional, STRICT, observed, context())
    assert verdict.examined == 1
    assert causes(verdict) == ["required:script its own page [email]:email"]
    assert "on 5 pages" in verdict.findings[0].message


def test_a_page_that_demands_more_with_the_same_form_is_not_hidden_by_the_others():
    harmless, demanding = contact(), contact(NAME, must(EMAIL), MESSAGE)
    observed = observe(
        visit("https://shop.test/a", forms=[harmless]),
        visit("https://shop.test/b", forms=[demanding]),
        forms_tried=(probe(harmless, OPTIONAL, "https://shop.test/a"),),
    )
    verdict = judge(form_fields_optional, STRICT, observed, context())
    assert verdict.examined == 2
    assert [finding.url for finding in verdict.findings] == ["https://shop.test/b"]


def test_the_cause_holds_no_host_port_or_number():
    def cause(host):
        one = contact(must(EMAIL), action=f"https://{host}/form/5f0c9e1a-12ab-4c3d-8e9f-0123456789ab?x=1")
        return causes(verdict_of(one, None))

    assert cause("shop.test") == cause("pr-17.shop.test:8443") == ["required:post /form/* [email]:email"]


def test_a_demanded_field_that_nobody_can_read_needs_a_human():
    unnamed = form_field("field_7", label=" ", required=True, value_missing=True)
    verdict = verdict_of(form(unnamed, MESSAGE), None)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    polish = form_field("imie", label="Imię", required=True, value_missing=True)
    assert verdict_of(form(polish, MESSAGE), None, language="pl-PL").reason is Reason.NEEDS_HUMAN


def test_of_radio_buttons_one_counts():
    radios = [
        form_field("title", "radio", "Title", required=True, value_missing=True, value=v, selector=v) for v in "ab"
    ]
    assert len(causes(verdict_of(form(*radios, MESSAGE), None))) == 1
    chosen = [radios[0], form_field("title", "radio", "Title", value_missing=True, checked=True, value="b")]
    assert not causes(verdict_of(form(*chosen, MESSAGE), None))


def test_a_page_seen_in_part_still_proves_a_demand():
    verdict = verdict_of(contact(must(EMAIL)), None, outcome=VisitOutcome.PARTIAL)
    assert verdict.outcome is Outcome.FAILED

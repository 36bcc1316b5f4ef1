"""A form can be sent without saying who you are.

## What it checks
Every form that asks for something personal (name, e-mail, phone, company, job title, address, country, date
of birth, gender, identity number, payment), once however many pages it is on: does the page itself demand
it? Native validation counts, and scripts do. Forms are tried without anything reaching the server.

What a field asks for is read from its autocomplete token, its type, and the words on it in English, German,
French, Spanish, Italian, Dutch and Portuguese. A message, a budget, a user name, a consent, a CAPTCHA are not
personal; nor is a file, unless it is a CV, a photograph or an identity document. Traps for robots (fields that
no person sees) are left out.

## How it decides
| seen | strict | reasonable |
|---|---|---|
| blank, the form is not sent; filled in, it is | finding | finding beyond the minimum to answer |
| it is sent without any of them | no finding | no finding |
| each may be blank, but not all at once | finding | the minimum, when one is a way to answer |
| not tried, and the browser refuses a blank field | finding | finding beyond the minimum |
| only marked or announced as required | finding | note |
| attribute `required` that nothing enforces | note | note |
| even filled in completely it is not sent | inconclusive | inconclusive |
| a CAPTCHA stops every try | inconclusive | inconclusive |
| not tried, and no attribute demands it | inconclusive | inconclusive |

The minimum to answer is one way to reach the visitor (e-mail or phone) and a name. What the site has filled in
itself (a country chosen, a dialling code) is not demanded of the visitor.

Login forms, and forms that find a forgotten account, are noted and not judged: they serve people whose data the
site has. `exempt` does the same for others, with a reason that the report shows.

## Why it matters
"You need not tell us who you are" is broken by one red asterisk. GDPR Article 5(1)(c) asks for no more data than
needed, Article 13(2)(e) asks to say whether giving it is obligatory.

## Limits
What the server demands after a form arrives is not tried: that needs the operator's authorisation. Forms that
open only after an action nobody took, and later steps of a form that were not reached, are not seen. Whether
pages are withheld from visitors who give no data is not judged here.

## References
* HTML Standard, constraint validation: which fields can be "missing", and what `novalidate` does.
* WCAG 2.2, success criterion 3.3.2 and techniques H90, ARIA2: how fields are marked as required.

## Example
```yaml
checks:
  form-fields-optional:
    reading: strict
    exempt:
      "*/newsletter*": A letter needs an address.
```
The demo sites `broken/form-fields-optional/*` break it, each in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Examined, Note, Parameters, Result, check
from compliance.checks._pages import holes
from compliance.checks.forms._collect import SeenForm, collect, exempted, field_name, own_purpose
from compliance.checks.forms._demands import Demand, Judgement, beyond_minimum, finding_of, judge_form, quoted
from compliance.knowledge.fields import speaks
from compliance.model.observation import Observations
from compliance.model.visit import Aspect, Visit, recorded


class FormFieldsOptional(Parameters):
    """Parameters of `form-fields-optional`."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nothing personal is demanded. reasonable: no more than one way to answer and a name.",
    )
    exempt: dict[str, str] = Field(
        {},
        description="Glob → reason. A form whose name or path matches, and a field whose name matches, is not judged.",
    )


@check(
    "form-fields-optional",
    parameters=FormFieldsOptional,
    reads=[Aspect.FORMS, Aspect.FORM_PROBES],
    scope="site",
    counts="forms",
)
def form_fields_optional(
    observations: Observations, parameters: FormFieldsOptional, context: Context
) -> Iterator[Result]:
    """Forms can be sent without giving personal information."""
    doubts: list[Doubt] = []

    def pages() -> Iterator[Visit]:
        for visit in observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.FORMS})):
            doubts.extend(holes(visit, Aspect.FORMS))
            yield visit

    probes = observations.form_probes(context.visitor)
    tried = judged = 0
    for seen in collect(pages(), probes or ()):
        if why := own_purpose(seen) or exempted(parameters.exempt, seen.title, seen.path, seen.form.name):
            yield Note(f"The form “{seen.title}” ({seen.path}) was not judged: {why}.")
            continue
        judged += 1
        yield Examined()
        if not speaks(seen.language):
            yield Note(f"Labels in {seen.language!r} are not understood; types and autocomplete tokens were read.")
        judgement = judge_form(seen)
        tried += judgement.tried
        for note in judgement.notes:
            yield Note(note)
        yield from _read(judgement, parameters, seen)
        if probes is not None:
            doubts += [Doubt(reason, message, seen.page) for reason, message in judgement.doubts]
    yield from doubts
    if tried:
        yield Note("Forms were tried on the page only: what the server demands was not tried (needs authorisation).")
    if judged:
        recorded(probes, "form_probes")


def _judged(parameters: FormFieldsOptional, demands: list[Demand]) -> list[Demand]:
    """Demands that no exemption covers."""
    return [d for d in demands if not any(exempted(parameters.exempt, field_name(one)) for one in d.fields)]


def _read(judgement: Judgement, parameters: FormFieldsOptional, seen: SeenForm) -> Iterator[Result]:
    """The findings and notes of one form in the reading that was chosen."""
    enforced, told = _judged(parameters, judgement.enforced), _judged(parameters, judgement.told)
    broken = [*enforced, *told]
    if parameters.reading == "reasonable":
        broken = beyond_minimum(enforced)
        for demand in (d for d in enforced if d not in broken):
            yield Note(f"“{seen.title}” demands {quoted(demand)}: within the minimum to answer.")
        for demand in told:
            yield Note(f"{quoted(demand)} of “{seen.title}”: {demand.how}.")
    for demand in broken:
        yield finding_of(demand, seen)

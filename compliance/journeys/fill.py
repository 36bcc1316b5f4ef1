"""Filling in a form as a person would: key by key, in the fields that a person sees, honeypots left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from compliance.journeys.scripts import source
from compliance.journeys.stage import CannotTry, Stage, World
from compliance.journeys.values import LEFT_ALONE, PICKED, Control, candidates
from compliance.knowledge.fields import FieldClass, classify, is_trap
from compliance.model.content import Field, Form

MAX_TYPED = 400


def field_name(one: Field) -> str:
    """What a field is called in cases; radio buttons of one group share it."""
    return one.name or one.id or one.label or one.selector


@dataclass(slots=True)
class Found:
    """A form, found again on the page that is open."""

    form: Form
    world: World
    controls: tuple[Control, ...]
    left: list[str] = field(default_factory=list)
    """Names of the fields that were left as the site had them."""


async def find(stage: Stage, form: Form) -> Found:
    """Find `form` on the open page.

    Raises:
        CannotTry: It is not there.
    """
    options = {
        "selector": form.selector or "form",
        "submit": form.submit,
        "formless": form.formless,
        "fields": [{"selector": f.selector, "name": f.name, "id": f.id, "type": f.type} for f in form.fields],
    }
    call = f"{source('form_watch').rstrip().rstrip(';')}({json.dumps(options)})"
    best: Found | None = None
    for world in await stage.worlds(form.frame):
        data = await stage.read(world, call)
        if not data["found"]:
            continue
        found = Found(form, world, tuple(Control.of(one) for one in data["fields"]))
        if best is None or _present(found) > _present(best):
            best = found
    if best is None or not _present(best):
        raise CannotTry("the form was not found on the page again")
    return best


def _present(found: Found) -> int:
    return sum(control.found for control in found.controls)


def fillable(one: Field, control: Control) -> bool:
    """May and can a person fill it in."""
    if not control.found or control.disabled or one.disabled or control.unreachable or is_trap(one):
        return False
    if control.type in LEFT_ALONE or classify(one) is FieldClass.CAPTCHA:
        return False
    # A list that a script replaced by its own is not visible, yet demanded; a trap is never demanded.
    return control.visible or (control.type == "select" and control.required)


def to_tick(one: Field, control: Control) -> bool:
    """Is it a box that an honest visitor who wants to send the form ticks."""
    demanded = one.required or one.aria_required or one.marked_required or one.framework_required or control.required
    return demanded or classify(one) is FieldClass.CONSENT


async def fill(stage: Stage, found: Found, wanted: Callable[[Field], bool]) -> None:
    """Fill in the fields that are `wanted`, and note the names of all that stay as the site had them."""
    groups: set[str] = set()
    for index, (one, control) in enumerate(zip(found.form.fields, found.controls, strict=True)):
        name = field_name(one)
        done = False
        if wanted(one) and fillable(one, control):
            if control.type == "radio":
                done = name in groups or await _choose(stage, found, index, name)
                groups.add(name)
            elif control.type == "checkbox":
                done = control.checked or (to_tick(one, control) and await _tick(stage, found, index))
            elif control.type == "select":
                done = await _pick(stage, found, index, control)
            else:
                done = await _write(stage, found, index, one, control)
        if not done and name not in found.left:
            found.left.append(name)


async def clear(stage: Stage, found: Found, name: str) -> bool:
    """Blank a field that the site may have filled in; False when it cannot be blank (a list without an empty entry)."""
    blank = True
    for index, (one, control) in enumerate(zip(found.form.fields, found.controls, strict=True)):
        if field_name(one) != name or not fillable(one, control):
            continue
        if control.type in ("radio", "checkbox"):
            blank = blank and not control.checked
        elif control.type == "select":
            empty = next((value for value, is_blank in control.options if is_blank), None)
            if empty is None:
                blank = False
            elif control.value != empty:
                await stage.evaluate(found.world, f"watch.set({index}, {json.dumps(empty)})")
        elif await stage.evaluate(found.world, f"watch.value({index})"):
            await stage.evaluate(found.world, f"watch.select({index})")
            await stage.page.keyboard.press("Delete")
            blank = blank and not await stage.evaluate(found.world, f"watch.value({index})")
    return blank


async def _write(stage: Stage, found: Found, index: int, one: Field, control: Control) -> bool:
    """Type the first value that the browser finds valid; a script may refuse it still."""
    tried: set[str] = set()
    for value in candidates(one, control, stage.bait, datetime.now(UTC).date()):
        if value in tried:
            continue
        tried.add(value)
        stage.bait.add(value)
        if control.type in PICKED:
            await stage.evaluate(found.world, f"watch.set({index}, {json.dumps(value)})")
        elif await stage.evaluate(found.world, f"watch.select({index})"):
            await stage.page.keyboard.type(value[:MAX_TYPED])
        else:
            return False
        if await stage.evaluate(found.world, f"!!watch.value({index}).trim() && watch.valid({index})"):
            return True
    return bool(await stage.evaluate(found.world, f"!!watch.value({index}).trim()"))


async def _pick(stage: Stage, found: Found, index: int, control: Control) -> bool:
    choice = next((value for value, is_blank in control.options if not is_blank), None)
    if choice is None:
        return False
    if control.value and not control.multiple and (control.value, False) in control.options:
        return True  # the site has chosen; a visitor who fills in everything may leave it
    return bool(await stage.evaluate(found.world, f"watch.set({index}, {json.dumps(choice)})"))


async def _choose(stage: Stage, found: Found, index: int, name: str) -> bool:
    """The first of a group of radio buttons, unless the site has chosen."""
    group = zip(found.form.fields, found.controls, strict=True)
    if any(control.checked for one, control in group if field_name(one) == name):
        return True
    return await _tick(stage, found, index)


async def _tick(stage: Stage, found: Found, index: int) -> bool:
    """With the space bar, as keyboards do; a box that takes no focus is clicked by script."""
    if await stage.evaluate(found.world, f"watch.select({index})"):
        await stage.page.keyboard.press("Space")
        if await stage.evaluate(found.world, f"watch.field({index}).checked"):
            return True
    return bool(await stage.evaluate(found.world, f"watch.tick({index})"))

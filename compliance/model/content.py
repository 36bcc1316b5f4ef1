"""What a page holds for people: links, and forms with their fields. Frozen facts; nothing here judges."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One `<a href>` or `<area href>` of a page, as rendered."""

    href: str
    """Absolute, as the browser resolved it."""
    text: str
    """Accessible name: aria-label, text, image alternative, title."""
    raw: str = ""
    """The attribute as written."""
    title: str = ""
    description: str = ""
    """Text that `aria-describedby` points to."""
    rel: str = ""
    target: str = ""
    landmark: str = ""
    """header, nav, main, aside, footer, or empty."""
    context: str = ""
    """Text of the closest block around it, up to 300 characters."""
    visible: bool = True
    frame: str = ""
    """URL of the frame, empty for the main document."""


@dataclass(frozen=True, slots=True)
class Field:
    """One control of a form."""

    name: str
    type: str
    """`text`, `email`, `select`, `textarea`, `checkbox`, …"""
    label: str
    id: str = ""
    autocomplete: str = ""
    placeholder: str = ""
    required: bool = False
    """The `required` attribute."""
    aria_required: bool = False
    marked_required: bool = False
    """An asterisk or a word of its label, legend, placeholder or generated content says required."""
    marked_optional: bool = False
    value_missing: bool = False
    """The browser's own validation refuses the form while this field is blank."""
    framework_required: bool = False
    """A framework's attribute or class says required (data-val-required, wpcf7-validates-as-required, …)."""
    checked: bool = False
    value: str = ""
    """What the site filled in."""
    visible: bool = True
    disabled: bool = False
    selector: str = ""
    """A CSS selector that finds it in its frame."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form, or a group of controls with a button that acts as one."""

    action: str
    """Absolute address it posts to; the page itself when not given."""
    method: str
    fields: tuple[Field, ...]
    name: str = ""
    """Its id, name, accessible name or nearest heading."""
    no_validate: bool = False
    note: str = ""
    """Text in the form that speaks about required or optional fields."""
    submit: str = ""
    """Selector of its submit control, empty when it has none."""
    submit_text: str = ""
    submit_disabled: bool = False
    visible: bool = True
    landmark: str = ""
    frame: str = ""
    """URL of the frame, empty for the main document."""
    selector: str = ""
    captcha: str = ""
    """Kind of CAPTCHA found in it, empty when none."""
    formless: bool = False
    """There is no `<form>` element."""

    @property
    def key(self) -> str:
        """Same form on many pages: action without query, and the set of field names."""
        names = ",".join(sorted({f.name or f.id or f.label for f in self.fields}))
        return f"{self.method.upper()} {self.action.partition('?')[0]} [{names}]"

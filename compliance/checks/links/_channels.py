"""Ways to reach the site's owner that a page offers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from compliance.knowledge.fields import CONTACT, FieldClass, classify
from compliance.knowledge.words import fold
from compliance.model.content import Form, Link
from compliance.model.observation import Site
from compliance.model.trials import FormProbe, ProbeResult
from compliance.model.urls import host_of, registrable_domain
from compliance.model.visit import Visit

#: What a link to a contact page is called: English first, then the languages of the privacy terms.
_CONTACT_NAMES = tuple(
    fold(name)
    for name in (
        *(
            "contact",
            "get in touch",
            "write to us",
            "write us",
            "reach us",
            "talk to us",
            "kontakt",
            "schreiben sie uns",
        ),
        *("contacter", "nous écrire", "contacto", "contáctanos", "contatti", "contattaci", "contato", "fale conosco"),
        *("yhteystiedot", "ota yhteyttä", "kapcsolat", "επικοινωνία", "контакт", "связаться", "зв'язатися", "iletişim"),
        *("お問い合わせ", "联系我们", "聯絡我們", "문의"),
    )
)
#: Anybody may have a mailbox there, so an address there may be the owner's.
_MAILBOXES = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com"),
        *("yahoo.com", "yahoo.de", "yahoo.fr", "yahoo.co.uk", "aol.com", "proton.me", "protonmail.com", "zoho.com"),
        *("gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.com"),
        *("mail.ru", "yandex.ru", "yandex.com", "qq.com", "163.com", "orange.fr", "free.fr", "libero.it", "wp.pl"),
    )
)
#: Reserved for examples (RFC 2606): nobody reads mail there.
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|invalid|localhost|(?:your)?domain\.(?:com|tld))$")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]+)"
)
_AT = r"(?:@|\s?[\[({<]\s?(?:at|ät|@)\s?[\])}>]\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|punkt|\.)\s?[\])}]\s?)"
_WRITTEN = re.compile(
    rf"(?i)(?<![\w.+-])[\w+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,5}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,5}}"
)
_PROTECTED = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-f]{8,})$")
_CHATS = frozenset({"wa.me", "api.whatsapp.com", "m.me", "t.me", "telegram.me", "signal.me", "line.me"})
_STREET = re.compile(
    r"\b(?:P\.? ?O\.? ?Box|Postfach|Apartado|Postbus) \d|"
    r"\b\d{1,5},? (?:[A-Z0-9][\w.'-]{0,30} ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Boulevard|Blvd|Drive|Way)\b|"
    r"\b[A-ZÄÖÜ][\w-]{1,30}(?:stra(?:ß|ss)e|str\.|gasse|platz|allee|straat|laan|plein|weg) \d|"
    r"\b\d{1,4},? (?:rue|avenue|boulevard|place|quai) [\w']|"
    r"\b(?:Calle|Via|Viale|Piazza|Rua|Avenida|ul\.) [A-Z][\w' .-]{2,40},? \d"
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach somebody."""

    kind: str
    """email, form, phone, post or chat."""
    where: str
    """The address, number or form."""
    fault: str = ""
    """Why it does not work or may be somebody else's; empty when nothing speaks against it."""
    broken: bool = False
    """It cannot work; a fault without this is a question for a person."""


class Tried:
    """Forms that were tried: one that is not sent even when every field is filled in is no way to write."""

    def __init__(self, probes: Iterable[FormProbe]) -> None:
        self._results = {p.form.key: c.result for p in probes for c in p.cases if c.case == "full"}

    def channel(self, form: Form) -> Channel:
        """The form as a channel."""
        where = form.name or form.action
        result = self._results.get(form.key)
        if result in (None, ProbeResult.SUBMITTED, ProbeResult.BLOCKED_CAPTCHA):
            return Channel("form", where)
        # Where another form of the site was sent by the same hand, it is this form that does not work.
        works = ProbeResult.SUBMITTED in self._results.values()
        return Channel("form", where, f"the form “{where}” is not sent even with every field filled in", broken=works)


def channels(visit: Visit, site: Site, *, contact_page: bool, tried: Tried) -> Iterator[Channel]:
    """Every channel on a page; `contact_page` says that links call the page a contact page."""
    for link in visit.links or ():
        if link.visible:
            yield from _of_link(link, site)
    for match in _WRITTEN.finditer(visit.text or ""):
        yield _email(_plain(match[0]), site)
    for form in visit.forms or ():
        if _is_contact_form(form, contact_page):
            yield tried.channel(form)
    street = _STREET.search(visit.text or "")
    if street:
        yield Channel("post", street[0])


def is_contact_link(link: Link) -> bool:
    """Is the link called what contact pages are called."""
    name = fold(link.text)
    return link.visible and len(name) <= 60 and any(known in name for known in _CONTACT_NAMES)


def valid_address(address: str) -> bool:
    """Is it an address that mail could go to (RFC 5321 lengths, dot-atom, a real domain)."""
    local, _, domain = address.lower().rpartition("@")
    return bool(_ADDRESS.fullmatch(address.lower())) and len(local) <= 64 and not _RESERVED.search(domain)


def decoded(protected: str) -> str:
    """The address that Cloudflare's e-mail protection hides: each byte is XORed with the first."""
    data = bytes.fromhex(protected[: len(protected) // 2 * 2])
    return bytes(byte ^ data[0] for byte in data[1:]).decode("utf-8", "replace").partition("?")[0]


def _of_link(link: Link, site: Site) -> Iterator[Channel]:
    scheme, _, rest = link.href.partition(":")
    if scheme == "mailto":
        to, _, query = rest.partition("?")
        listed = [*unquote(to).split(","), *",".join(parse_qs(query).get("to", ())).split(",")]
        yield from (_email(address.strip(), site) for address in listed if address.strip())
    elif scheme in ("tel", "callto", "sms"):
        digits = sum(char.isdigit() for char in unquote(rest).partition(";")[0])
        fine = 5 <= digits <= 15
        yield Channel("phone", rest, "" if fine else f"“{rest}” is no telephone number", broken=not fine)
    elif match := _PROTECTED.search(link.href):
        yield _email(decoded(match[1]), site)
    elif host_of(link.href) in _CHATS and len(urlsplit(link.href).path) > 1:
        yield Channel("chat", link.href)


def _email(address: str, site: Site) -> Channel:
    if not valid_address(address):
        return Channel("email", address, f"“{address}” is no e-mail address", broken=True)
    domain = registrable_domain(address.rpartition("@")[2])
    if domain in site.first_party or domain in _MAILBOXES or domain in site.processors:
        return Channel("email", address)
    return Channel("email", address, f"“{address}” is at a domain that the spec does not count to the site")


def _plain(written: str) -> str:
    """`name [at] shop [dot] example` as an address."""
    return re.sub(_DOT, ".", re.sub(_AT, "@", written, flags=re.I), flags=re.I).strip(". ")


def _is_contact_form(form: Form, contact_page: bool) -> bool:
    """A form to write to somebody: it takes a message, or it asks on a contact page how to answer."""
    if not form.visible or not form.submit:
        return False
    asked = {classify(field) for field in form.fields if field.visible and not field.disabled}
    return FieldClass.MESSAGE in asked or (contact_page and bool(asked & CONTACT))

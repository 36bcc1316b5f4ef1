"""Words of a sentence, and which of them decide what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Two spellings of one word ("anonymus", "anonymous") are at least this much alike.
SPELLING = 0.8
#: What ends a sentence; a line break ends a block.
STOPS = ".!?…。！？\n"

# Words that decide what a sentence means. English, German, French, Spanish, Italian, Dutch, Portuguese.
_KINDS = {
    "negation or limit": "not no never none nor neither without nothing nobody unless except only solely exclusively "
    "nicht kein keine keinen keinem keiner keines nie niemals ohne weder noch nur ausschliesslich ausser sofern "
    "pas ne jamais aucun aucune sans ni rien seulement uniquement exclusivement sauf nunca jamás ningún ninguna "
    "ninguno sin nada tampoco solo sólo únicamente salvo excepto non mai nessun nessuna nessuno senza né nulla "
    "soltanto esclusivamente tranne niet geen nooit zonder niets alleen uitsluitend tenzij behalve não nenhum "
    "nenhuma sem nem apenas somente só exceto",
    "modal verb": "may might can could will would shall should must kann können könnte könnten darf dürfen wird werden "
    "soll sollen sollte muss müssen peut peuvent pouvons pouvez pourra pourrait pourrons doit doivent devons devez "
    "devra puede pueden podemos podrá podría podremos debe deben debemos deberá può possono possiamo potrà potrebbe "
    "deve devono dobbiamo kan kunnen mag mogen zal zullen moet moeten zou zouden pode podem podemos poderá poderemos "
    "devem devemos",
    "number or term": "two three four five six seven eight nine ten eleven twelve thirty ninety hundred zwei drei vier "
    "fünf sechs sieben acht neun zehn zwölf deux trois quatre cinq sept huit neuf dix douze dos tres cuatro cinco "
    "seis siete ocho nueve diez doce tre quattro cinque sette otto nove dieci dodici twee drie vijf zes "
    "zeven negen tien twaalf dois duas três quatro sete oito dez doze hour hours day days week weeks month months year "
    "years session tage tagen woche wochen monat monate monaten jahr jahre jahren jour jours semaine semaines mois "
    "ans année années día días semana semanas mes meses año años giorno giorni mese mesi anno anni dag dagen weken "
    "maand maanden jaar dia dias mês ano anos",
    "party": "we us you they third party parties partner partners affiliate affiliates subsidiary subsidiaries "
    "processor processors advertiser advertisers vendor vendors provider providers authorities dritte dritten "
    "dienstleister behörden tiers partenaires prestataires terceros socios proveedores terzi fornitori derden "
    "leveranciers terceiros parceiros fornecedores",
    "kind of data": "name names email address addresses phone telephone ip location cookie cookies identifier "
    "identifiers id ids device devices payment card cards health birth age gender photo photos contacts history "
    "password passwords biometric financial genetic adresse adressen telefonnummer standort gesundheit nom téléphone "
    "localisation santé nombre correo dirección teléfono ubicación salud nome indirizzo telefono posizione salute "
    "naam adres telefoon locatie gezondheid endereço telefone localização saúde",
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_STRICT = ("negation or limit", "modal verb", "number or term")

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['.,@-][^\W_]+)*")
_CONTRACTED = re.compile(r"(?i)(?:can(not)|(\w+)n't)\Z")
_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "de", "anti")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, case-folded, and where it stands; both words of a contraction ("don't") share the place."""

    word: str
    start: int
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """The words of a text; hyphens separate, contractions are written out, Chinese and Japanese go by character."""
    for match in _WORD.finditer(text):
        for part in re.split(r"-", match[0].casefold().replace("e-mail", "email")):
            contracted = _CONTRACTED.match(part)
            words = [part]
            if contracted:
                words = [
                    "can" if contracted[1] else {"ca": "can", "wo": "will"}.get(contracted[2], contracted[2]),
                    "not",
                ]
            yield from (Token(word, match.start(), match.end()) for word in words if word)


def kind_of(word: str) -> str:
    """What kind of deciding word it is; empty for any other."""
    return _KIND["hundred"] if any(c.isdigit() for c in word) else _KIND.get(word, "")


def same_word(was: str, now: str) -> float:
    """How much alike two spellings of one word are; 0 for two words."""
    if kind_of(was) in _STRICT or kind_of(now) in _STRICT:
        return 0.0
    if opposite(was, now):
        return 0.0
    ratio = SequenceMatcher(None, was, now, autojunk=False).ratio()
    return ratio if ratio >= SPELLING else 0.0


def opposite(was: str, now: str) -> bool:
    """Is one the other with a negating prefix, as in "lawful" and "unlawful"."""
    return any(was == prefix + now or now == prefix + was for prefix in _PREFIXES)


def is_name(text: str, token: Token) -> bool:
    """A capital that no sentence's beginning explains: a company, a product, a place (or a German noun)."""
    before = text[: token.start][-3:].rstrip(" \"'(")[-1:]
    return text[token.start].isupper() and bool(before) and before not in STOPS

"""Pieces that one value may have been cut into: what a carrier holds for each visitor, and which were made alike."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compliance.knowledge.identifiers.capacity import cores
from compliance.knowledge.identifiers.carriers import VISITORS, Carrier
from compliance.knowledge.identifiers.cases import Case
from compliance.knowledge.identifiers.exempt import CONSENT, LANGUAGE
from compliance.knowledge.identifiers.items import ItemLabel, identity_pieces
from compliance.knowledge.identifiers.kinds import Kind, Surroundings, kind_of_row
from compliance.model.visit import Session

#: What is cut into pieces is short and of one kind of letters.
_PIECE = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
#: That all three visitors are put into different groups, of four: 6 in 16. Fewer groups make it less likely.
_APART = 6 / 16
#: A row of pieces that experiments with four groups would show less often is no row of experiments.
_CHANCE = 0.001
#: Pieces of three characters and more are rarely names of groups; so many of them in a row, never.
_LONG, _MANY = 3, 4
#: Numbers with fewer digits than this measure or count something, as a rule.
_DIGITS = 5
#: Parts of names with which sites name experiments: excuses that leave it to a person.
_EXPERIMENT = re.compile(
    r"(?<![a-z])(ab|abtests?|arm|bucket|cohort|exps?|experiments?|features?|flags?|group|percent(age)?|rollouts?|"
    r"segments?|split|tests?|testgroups?|toggles?|treatment|var|variants?|variations?)(?![a-z])"
)
#: Where a name that is written in one goes on with the next word: `experimentBucket`, `ABTest`.
_NEXT_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Part:
    """One carrier, with the values of the three visitors; of the first one, the value that came back."""

    case: Case
    values: tuple[str, ...]
    kind: Kind

    @property
    def apart(self) -> bool:
        """Has each visitor another value."""
        return len(set(self.values)) == len(VISITORS)

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the visitors apart; all of it where nothing was found that does."""
        places = self.case.found.places
        return tuple(piece for value in self.values for piece in identity_pieces(value, places)) or self.values

    @property
    def dark(self) -> bool:
        """Does it mean nothing to a reader; three letters always read like a word."""
        return self.kind is Kind.OPAQUE or (self.kind is Kind.WORD and max(map(len, cores(self.values))) <= _LONG)

    @property
    def small(self) -> bool:
        """Is it a small number for everybody."""
        return all(value.isdigit() and len(value) < _DIGITS for value in self.values)

    @property
    def core(self) -> int:
        """Characters that vary."""
        return min(map(len, cores(self.values)))


@dataclass(frozen=True, slots=True)
class Family:
    """Carriers that may be pieces of one value."""

    name: str
    """What their names have in common; of names that have nothing in common, all of them."""
    parts: tuple[Part, ...]
    counts: bool
    """Do their names count on."""

    @property
    def counted(self) -> float:
        """Bits of pieces that mean nothing to a reader."""
        return sum(part.case.found.bits for part in self.parts if part.apart)

    @property
    def possible(self) -> float:
        """Bits by the characters that were seen in all pieces, however short they are or like words."""
        dark = [part for part in self.parts if part.apart and part.dark]
        letters = {letter for part in dark for core in cores(part.values) for letter in core}
        return sum(part.core for part in dark) * math.log2(max(len(letters), 1))

    @property
    def bits(self) -> float:
        """The more of both."""
        return max(self.counted, self.possible)

    @property
    def excused(self) -> bool:
        """Do the names say that it is something else."""
        words = _NEXT_WORD.sub("-", self.name).lower()
        return bool(_EXPERIMENT.search(words)) or any(part.case.exempt for part in self.parts)

    def alike(self) -> bool:
        """Did one writer make them at once, to live as long as each other, and of one length but the last."""
        carriers = [part.case.carrier for part in self.parts]
        lengths = [{len(value) for value in part.values} for part in self.parts]
        whole = set().union(*lengths[:-1])
        return len(set(map(_origin, carriers))) == 1 and len(whole) == 1 and max(lengths[-1]) <= min(whole)

    def sure(self, strong_bits: float, weak_bits: float) -> bool:
        """Is it one value in pieces, and no row of experiments."""
        apart = sum(part.apart for part in self.parts)
        count = len(self.parts)
        if not self.alike() or self.excused:
            return False
        if self.counts and self.possible >= strong_bits and _chance(apart, count) < _CHANCE:
            return True
        if apart < count or self.counted < strong_bits:
            return False
        long = count >= _MANY and all(part.core >= _LONG for part in self.parts)
        if not self.counts:  # measured numbers are drawn by nobody, and come in rows
            return long and not any(all(value.isdigit() for value in part.values) for part in self.parts)
        return long or all(part.case.found.bits >= weak_bits for part in self.parts)


def _origin(carrier: Carrier) -> tuple[object, ...]:
    """Who wrote it, for how many hours, and the visit at which the first visitor got it."""
    moment = next(iter(carrier.sessions[Session.FIRST].visits), "")
    life = carrier.lifetime
    hours = round(life / 3600) if life is not None and math.isfinite(life) else life
    return frozenset(carrier.writers), frozenset(carrier.header_writers), hours, moment


def _chance(apart: int, count: int) -> float:
    """How often so many of `count` experiments, or more, put three visitors into three of four groups."""
    return sum(math.comb(count, k) * _APART**k * (1 - _APART) ** (count - k) for k in range(apart, count + 1))


def part_of(case: Case, around: Surroundings) -> Part | None:
    """The values of a carrier that three visitors have, that stayed for one, and that is no identifier alone."""
    found, carrier = case.found, case.carrier
    if found.label not in (ItemLabel.NONE, ItemLabel.WEAK) or found.sequential:
        return None  # running numbers of one visitor run side by side
    if case.exempt not in ("", CONSENT, LANGUAGE) or (carrier.deleted and not case.foreign):
        return None
    sessions = [carrier.sessions.get(session) for session in (*VISITORS, Session.FIRST_AGAIN)]
    kept = [next(reversed(trace.kept), None) if trace is not None else None for trace in sessions]
    values, again = [value for value in kept[:3] if value is not None], kept[3]
    if len(values) < len(VISITORS) or again is None or (again != values[0] and not found.returned):
        return None
    if len(set(values)) == 1:
        return None
    began = [trace.began for trace in sessions[:3] if trace is not None]
    row = (again, *values[1:])
    return Part(case, row, kind_of_row(row, around, max(began) - min(began)))


def families(pool: list[Part]) -> Iterator[Family]:
    """Carriers of one kind whose names differ in a number, or in a letter at the end that goes on in the alphabet."""
    numbered: dict[tuple[str, str], list[Part]] = defaultdict(list)
    lettered: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in pool:
        carrier = part.case.carrier
        if not all(map(_PIECE.fullmatch, part.values)):
            continue
        plain = re.sub(r"\d+", "#", carrier.name)
        if plain != carrier.name:
            numbered[carrier.kind, plain].append(part)
        elif carrier.name[-1:].isascii() and carrier.name[-1:].isalpha():
            lettered[carrier.kind, f"{carrier.name[:-1]}?"].append(part)
    for (_, name), members in (*numbered.items(), *lettered.items()):
        members.sort(key=lambda part: _counted(part.case.carrier.name))
        # The same values in two carriers tell visitors apart once.
        once = {part.values: part for part in reversed(members)}
        parts = [part for part in members if once[part.values] is part]
        if len(parts) > 1 and (not name.endswith("?") or _goes_on(parts)):
            yield Family(name, tuple(parts), counts=True)


def strangers(pool: Iterable[Part]) -> Iterator[Family]:
    """Carriers whose names have nothing in common, and that one writer made at once, of one length and lifetime."""
    made: dict[tuple[object, ...], list[Part]] = defaultdict(list)
    for part in pool:
        carrier, sizes = part.case.carrier, set(map(len, part.values))
        if part.dark and len(sizes) == 1 and all(map(_PIECE.fullmatch, part.values)):
            made[carrier.kind, _origin(carrier), *sizes].append(part)
    for parts in made.values():
        if len(parts) > 1:
            yield Family("+".join(sorted(part.case.carrier.name for part in parts)), tuple(parts), counts=False)


def _counted(name: str) -> tuple[list[tuple[int, str]], str]:
    """Orders names by their numbers, `a10` after `a9`."""
    plain = (digits.lstrip("0") for digits in re.findall(r"[0-9]+", name))
    return [(len(digits), digits) for digits in plain], name


def _goes_on(parts: Sequence[Part]) -> bool:
    """Are the last letters neighbours in the alphabet."""
    letters = [ord(part.case.carrier.name[-1]) for part in parts]
    return letters == list(range(letters[0], letters[0] + len(letters)))

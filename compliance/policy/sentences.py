"""Where a sentence of a policy ends.

One block (paragraph, list item, heading, table row) in, its sentences out. Nothing is
changed but white space: joined with single spaces, the sentences are the block again
(Chinese and Japanese, which put no space after a full stop, aside).

A full stop is doubtful in policies: "Art. 6", "z. B. Google", "Facebook Inc. We", "25. Mai".
What stands after it decides most cases: before a lower-case letter no sentence ends. For the
rest there are three kinds of abbreviation: those that never end a sentence, those that stand
before a number, and those that may end one, which they do when a word follows that starts
sentences. When in doubt the text stays together: a sentence too long still is accounted for.
"""

from __future__ import annotations

import re
from bisect import bisect_right


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Followed by a capital, they still go on ("e.g. Google", "Dr. Meier"). Without dots and spaces, lower case.
_NEVER = _words(
    # English
    "eg ie viz cf vs mr mrs dr prof messrs incl excl resp aka "
    # German
    "zb dh ua uä oä vgl bzw ggf ggfs evtl inkl exkl gem sog zt zzt bspw insb insbes dipl iha isd ivm idr idf zzgl "
    "abzgl "
    # French, Spanish, Italian, Dutch, Portuguese
    "pex cad mme mlle mgr pej sr sra srta dra uds eeuu avda pes dott avv bijv dwz oa mbt tav tnv dhr mevr drs exmo exma"
)
#: Followed by a number, a numeral or a single letter, they go on ("Art. 6", "No. 5", "Abs. II").
_BEFORE_NUMBER = _words(
    "no nos nr nrn art arts artt abs abschn sec sect secs par para paras fig ch cl reg vol pp p pt lit ziff rn rz tz "
    "s bl kap satz n num núm nº cap al tit const dec decr dlgs lgs d l r pag pág hs blz lid ex app anh anl sched "
    "tel fax ext art.s bgbl abl oj"
)
#: May end a sentence: they do before a word that starts sentences.
_MAYBE = _words(
    "etc inc ltd corp co llc plc bros jr dept est ave blvd rd st rev hon attn approx max min ca tel str ms hr fr ing "
    "jan feb mar apr jun jul aug sep sept oct nov dec usw uvm uam gmbh mbh ff ag kg lt ecc enz cie ltda sarl bv nv phd"
)
_STARTERS = _words(
    # English
    "we you your our the this that these those they their it its if in on at for when where while with without "
    "however although as by to from any all some such please further furthermore additionally also each no not "
    "there here what who how why do does should would may once after before during under upon unless until but and "
    "or so then thus hence therefore a an i my "
    # German
    "wir sie ihre ihr unsere unser der die das den dem des dies diese dieser dieses ein eine einer es er wenn falls "
    "sofern soweit bei in im für mit ohne auf aus nach zur zum zu durch daher hierzu hierbei dabei darüber außerdem "
    "bitte zudem weitere weiterhin soll auch als am an da damit dazu ferner hierfür von vor während "
    # French
    "nous vous notre nos votre vos le la les ce cette ces cela il elle ils elles si dans pour lorsque lors avec sans "
    "sur par en un une des du au aux toutefois cependant "
    # Spanish, Portuguese, Italian, Dutch
    "nosotros usted ustedes nuestro nuestra su sus el los las este esta esto estos si en para cuando con sin por un "
    "una nós você nosso nossa o os as este se em quando com sem por um uma noi voi lei nostro nostra il lo gli i "
    "questo questa se per quando con senza un una nel nella wij we u uw onze de het een deze dit als indien bij voor "
    "wanneer met zonder door"
)
_MONTHS = (
    "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|januari|februari|maart"
)
_ORDINAL = re.compile(rf"(?:{_MONTHS}|quartal|jahrhundert|lebensjahr\w*|geburtstag\w*)\b", re.IGNORECASE)

_END = re.compile(r"(?:(?<![.!?…])[.!?…]++[)\]\"'”’»›“]*+(?=\s)|[。！？]+[」』）]*\s*)")
_OPENERS = "\"'“”„‚‘’«»‹›([{¿¡*•·–—-§ "
_MARKER = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5}|§+ ?\d+\w?)[.)]+")
_NUMERAL = re.compile(r"(?:\d|[IVXLC]+\b|[a-zA-Z]\b|§)")
_LAST_TOKEN = re.compile(r"(?:\b[^\W\d_]{1,3}\.[ -]?)*[\wº°'’&-]+$")
_ADDRESS = re.compile(r"@|/|www\.|[\w-]{4,}\.\w{2,}")
_BRACKETS = {"(": ")", "[": "]"}
#: A bracket that runs on for longer is no aside, or was never closed.
_LONGEST_ASIDE = 400
#: Characters around a full stop that decide about it; bounds keep the work linear in the text.
_LOOK_BACK, _LOOK_AHEAD = 100, 40


def split_sentences(block: str) -> list[str]:
    """The sentences of one block of text, white space collapsed; none for an empty block."""
    text = " ".join(block.split())
    asides = _asides(text)
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        at = bisect_right(asides, (match.start(), 0)) - 1
        if at >= 0 and end <= asides[at][1]:
            continue
        before = text[max(start, match.start() - _LOOK_BACK) : match.start()]
        if _ends_here(before, match[0], text[end : end + _LOOK_AHEAD]):
            sentences.append(text[start:end].strip())
            start = end
    sentences.append(text[start:].strip())
    return [s for s in sentences if s]


def _ends_here(before: str, mark: str, after: str) -> bool:
    """Does a sentence end between `before` + `mark` and `after`."""
    if mark[0] in "。！？":
        return True
    following = after.lstrip(_OPENERS)
    if following[:1].islower() or not following:
        return False
    if _MARKER.fullmatch((before + mark).strip()):
        return False  # "1. Introduction", "a) Cookies"
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    token = _LAST_TOKEN.search(before)
    if not token or _ADDRESS.search(before.rpartition(" ")[2]):
        return True
    return not _goes_on(token[0], mark, following)


def _goes_on(token: str, mark: str, following: str) -> bool:
    """Is the full stop after `token` that of an abbreviation or an ordinal."""
    parts = [p for p in re.split(r"[.\s-]+", token) if p]
    word = parts[-1].lower()
    joined = "".join(parts).lower()
    dotted = len(parts) > 1 and all(len(p) <= 3 for p in parts)
    first = re.match(r"[\w']+", following)
    starts = first is not None and first[0].lower() in _STARTERS
    if word.isdigit():
        return len(word) <= 2 and bool(_ORDINAL.match(following))
    if (joined if dotted else word) in _NEVER:
        return True
    if word in _BEFORE_NUMBER and mark == "." and _NUMERAL.match(following) and not starts:
        return True
    if dotted or word in _MAYBE or (len(word) == 1 and parts[-1].isalpha()):
        return not starts
    return False


def _asides(text: str) -> list[tuple[int, int]]:
    """Outermost spans of brackets that are closed again soon, in order; no sentence ends inside one."""
    spans: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char in _BRACKETS:
            opened.append((_BRACKETS[char], at))
        elif opened and char == opened[-1][0]:
            _, begin = opened.pop()
            if at - begin <= _LONGEST_ASIDE:
                while spans and spans[-1][0] > begin:
                    spans.pop()
                spans.append((begin, at))
    return spans

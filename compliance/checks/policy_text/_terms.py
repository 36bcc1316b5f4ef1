"""What a link to a privacy policy is called, by language."""

from __future__ import annotations

import re
from functools import cache

from compliance.knowledge.words import fold

#: Language → names that say "privacy policy" wherever they stand, and names that say it only when alone
#: ("Privacy" in a footer), separated by a bar.
_TERMS = {
    "en": "privacy policy, privacy notice, privacy statement, privacy and cookie, privacy & cookie, "
    "data protection notice, data protection policy, data privacy policy, fair processing notice | "
    "privacy, data protection, data privacy",
    "de": "datenschutzerklärung, datenschutzhinweis, datenschutzbestimmung, datenschutzinformation, "
    "datenschutzrichtlinie | datenschutz",
    "fr": "politique de confidentialité, protection des données, politique de protection, vie privée, données "
    "personnelles, charte de confidentialité | confidentialité, rgpd",
    "es": "política de privacidad, aviso de privacidad, protección de datos | privacidad",
    "it": "informativa sulla privacy, informativa privacy, politica sulla privacy, privacy policy, trattamento dei "
    "dati | privacy",
    "pt": "política de privacidade, aviso de privacidade, proteção de dados | privacidade",
    "nl": "privacybeleid, privacyverklaring, privacyvoorwaarden, gegevensbescherming | privacy",
    "pl": "polityka prywatności, ochrona danych | prywatność, rodo",
    "cs": "zásady ochrany osobních údajů, ochrana osobních údajů, zpracování osobních údajů | ochrana soukromí, gdpr",
    "sk": "ochrana osobných údajov, zásady ochrany | ochrana súkromia, gdpr",
    "sv": "integritetspolicy, sekretesspolicy, personuppgiftspolicy | integritet, sekretess",
    "da": "privatlivspolitik, persondatapolitik, databeskyttelse | privatliv",
    "nb": "personvernerklæring, personvernpolicy | personvern",
    "fi": "tietosuojaseloste, tietosuojakäytäntö, rekisteriseloste | tietosuoja",
    "hu": "adatvédelmi, adatkezelési tájékoztató | adatvédelem",
    "ro": "politica de confidențialitate, protecția datelor | confidențialitate",
    "el": "πολιτική απορρήτου, προστασία δεδομένων, προσωπικών δεδομένων | απόρρητο",
    "bg": "политика за поверителност, защита на личните данни | поверителност",
    "ru": "политика конфиденциальности, обработки персональных данных | конфиденциальность",
    "uk": "політика конфіденційності, захист персональних даних | конфіденційність",
    "tr": "gizlilik politikası, gizlilik bildirimi, kişisel verilerin korunması, aydınlatma metni | gizlilik, kvkk",
    "ja": "プライバシーポリシー, 個人情報保護方針, 個人情報の取扱, 個人情報の取り扱い | プライバシー",
    "zh": "隐私政策, 隱私政策, 隐私权, 隱私權, 隐私声明, 隱私聲明 | 隐私, 隱私",
    "ko": "개인정보처리방침, 개인정보 처리방침, 개인정보 보호 | 개인정보",
}
_ALIASES = {"no": "nb", "nn": "nb"}
#: A longer name is a sentence about something else (or a whole card of text).
_LONGEST = 80
_FILLER = re.compile(
    r"\b(?:our|your|the|read|view|see|legal|terms?|conditions|of (?:use|service)|imprint|impressum|agb|cookies?|and|"
    r"und|et|y|e|en|i|och|og|page|site|website|unsere?|notre|nuestra)\b|[^\w]+"
)
#: "Privacy settings" opens a dialog of choices, not the policy.
_NOT_A_POLICY = re.compile(
    r"\b(?:settings?|preferences?|choices|manage|centre|center|tips|einstellungen|paramètres|parametres|"
    r"preferencias|ajustes|impostazioni|preferenze|instellingen|voorkeuren)\b"
)


@cache
def _table(language: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Folded terms of a language and English; of all languages when it is empty."""
    rows = [_TERMS["en"], _TERMS[language]] if language else list(_TERMS.values())
    anywhere: list[str] = []
    alone: set[str] = set()
    for row in rows:
        left, _, right = row.partition("|")
        anywhere += [fold(term) for term in left.split(",")]
        alone |= {_FILLER.sub("", fold(term)) for term in right.split(",")}
    return tuple(anywhere), frozenset(alone)


def names_policy(text: str, language: str, further: tuple[str, ...] = ()) -> bool:
    """Is `text` what a link to the privacy policy is called on a page in `language`."""
    folded = fold(text)
    if not folded or len(folded) > _LONGEST:
        return False
    if folded in {fold(name) for name in further}:
        return True
    if _NOT_A_POLICY.search(folded):
        return False
    short = language.partition("-")[0].lower()
    short = _ALIASES.get(short, short)
    anywhere, alone = _table(short if short in _TERMS else "")
    return any(term in folded for term in anywhere) or _FILLER.sub("", folded) in alone

"""Addresses that do something when they are opened: log out, delete, buy, unsubscribe.

A crawl only reads. A link whose address or text says that it acts is left alone and
listed with the word that said so. Words of at least 24 languages; an article about the
same words (`/blog/how-to-delete-cookies`) is not an action.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

#: What an address says, as whole path segment, first word of a short one, or value of an action parameter.
_IN_ADDRESS = frozenset(
    """
    logout logoff signout signoff log-out log-off sign-out sign-off log_out sign_out abmelden ausloggen
    deconnexion     se-deconnecter cerrar-sesion cerrarsesion salir desconectar esci disconnetti terminar-sessao
    sair uitloggen afmelden     logga-ut loggaut log-ud logud logg-ut loggut kirjaudu-ulos uloskirjaudu wyloguj
    odhlasit odhlaseni odhlasenie     kijelentkezes deconectare iesire izhod odjava odjavi-se logi-valja iziet
    atsijungti vyhod vyjti cikis cikis-yap     unsubscribe optout opt-out desabonner se-desabonner
    desinscription darse-de-baja cancelar-suscripcion     cancella-iscrizione disiscriviti cancelar-inscricao
    avregistrera frameld avmeld peruuta-tilaus wypisz odhlasit-odber     leiratkozas dezabonare otpisatsya
    abonelikten-cik     delete remove destroy erase purge loeschen entfernen supprimer effacer eliminar borrar
    elimina cancella apagar excluir     remover verwijderen wissen ta-bort radera slet fjern slett poista usun
    skasuj smazat odstranit vymazat torles sterge     izbrisi obrisi ukloni kustuta dzest istrinti udalit sil
    buy purchase checkout order-now buy-now pay add-to-cart addtocart add_to_cart addtobasket add-to-basket
    kaufen bestellen     in-den-warenkorb acheter commander ajouter-au-panier comprar anadir-al-carrito acquista
    aggiungi-al-carrello kopen     bestel in-winkelwagen kop kob kjop osta kup do-koszyka koupit kupit do-kosika
    vasarlas kosarba cumpara kupi osta-kohe     pirkt pirkti satin-al sepete-ekle     deactivate close-account
    delete-account cancel-subscription cancel-order revoke reset approve reject publish vote
    """.split()  # noqa: SIM905 - one word list reads better than ninety quoted strings
)
_ACTION_PARAMETERS = frozenset({"action", "do", "op", "cmd", "command", "task", "mode", "act", "event", "m", "method"})
#: What somebody searches for is not what opening the address does.
_QUESTIONS = frozenset({"q", "s", "query", "search", "term", "keyword", "keywords"})

#: What a link says, whole.
_IN_TEXT = frozenset(
    """
    log out|logout|log off|sign out|sign off|abmelden|ausloggen|déconnexion|se déconnecter|cerrar sesión|salir|
    desconectar|esci|disconnetti|terminar sessão|sair|uitloggen|afmelden|logga ut|log ud|log af|logg ut|logg av|
    kirjaudu ulos|wyloguj|wyloguj się|odhlásit|odhlásit se|odhlásiť|odhlásiť sa|kijelentkezés|deconectare|
    ieșire|изход|αποσύνδεση|odjava|odjavi se|logi välja|iziet|atsijungti|выйти|выход|вийти|çıkış|çıkış yap|
    ログアウト|退出|登出|로그아웃|unsubscribe|abbestellen|newsletter abbestellen|se désabonner|se désinscrire|
    darse de baja|cancelar suscripción|annulla iscrizione|disiscriviti|cancelar inscrição|avregistrera|afmeld|
    avmeld|peruuta tilaus|wypisz się|odhlásit odběr|leiratkozás|dezabonare|отписаться|abonelikten çık|配信停止|
    退订|구독 취소|delete|delete account|remove|löschen|konto löschen|entfernen|supprimer|eliminar|borrar|
    elimina|cancella|apagar|excluir|verwijderen|ta bort|radera|slet|slett|poista|usuń|smazat|odstranit|
    odstrániť|törlés|șterge|изтриване|διαγραφή|izbriši|obriši|kustuta|dzēst|ištrinti|удалить|видалити|sil|削除|
    删除|삭제|buy|buy now|add to cart|add to basket|place order|pay now|kaufen|jetzt kaufen|in den warenkorb|
    acheter|ajouter au panier|comprar|comprar ahora|añadir al carrito|acquista|aggiungi al carrello|kopen|
    in winkelwagen|köp|lägg i varukorg|køb|læg i kurv|kjøp|osta|lisää ostoskoriin|kup teraz|do koszyka|koupit|
    do košíku|kúpiť|do košíka|kosárba|adaugă în coș|cumpără|купи|купить|в корзину|αγορά|kupi|osta kohe|pirkt|
    pirkti|satın al|sepete ekle|カートに入れる|加入购物车|장바구니에 담기
    """.replace("\n", "").split("|")
)


def _fold(text: str) -> str:
    """Without case, accents and what stands around the words: `» ÇIKIŞ YAP` and `çıkış yap` say the same."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ı", "i")
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return _AROUND.sub("", " ".join(bare.split()))


_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_TEXTS = frozenset(_fold(text) for text in _IN_TEXT)
_WORD = re.compile(r"[-_\s]+")
_STATIC = re.compile(r"\.(html?|xhtml|pdf|md|txt)$", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def destructive(url: str, text: str = "", rel: str = "") -> str:
    """The word that says that opening `url` acts, or an empty string.

    Args:
        url: Absolute address.
        text: Accessible name of the link.
        rel: Its `rel` attribute.
    """
    parts = urlsplit(url)
    for raw in parts.path.split("/"):
        segment = unquote(raw).lower()
        name = re.sub(r"\.(php|aspx?|jsp|do|action|cgi)$", "", segment)
        words = _WORD.split(name)
        if (
            name in _IN_ADDRESS
            or _fold(" ".join(words)) in _TEXTS
            or (len(words) == 2 and words[0] in _IN_ADDRESS and not _STATIC.search(segment))
        ):
            return name
        # `Special:UserLogout`, `user.logout`
        tail = re.split(r"[:.!]", name)[-1]
        if tail != name and re.fullmatch(r"(user|account|session)?(logout|logoff|signout|delete|unsubscribe)", tail):
            return tail
    for key, value in parse_qsl(parts.query.lower(), keep_blank_values=True):
        if key in _IN_ADDRESS or (key in _ACTION_PARAMETERS and value in _IN_ADDRESS):
            return key if key in _IN_ADDRESS else value
        if key not in _QUESTIONS and re.search(r"(^|[:/])(user)?log(out|off)$", value):
            return value
    said = _fold(text)
    if said in _TEXTS and (parts.query or not _STATIC.search(parts.path)):
        return said
    return "rel=nofollow token" if "nofollow" in rel and re.search(r"[?&](token|_wpnonce|csrf\w*)=", url) else ""

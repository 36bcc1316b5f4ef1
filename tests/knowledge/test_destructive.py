"""Links that act when they are opened, in the languages of Europe and some others; and pages that only speak of it."""

import pytest

from compliance.knowledge.destructive import _TEXTS, destructive

HOME = "https://shop.test/"

#: Language → what its sites write on links that log out, delete, buy or unsubscribe.
TEXTS = {
    "English": ["Log out", "Sign Out", "LOGOUT", "Delete", "Remove", "Add to cart", "Buy now", "Unsubscribe"],
    "German": ["Abmelden", "Ausloggen", "Löschen", "Konto löschen", "In den Warenkorb", "Jetzt kaufen", "Abbestellen"],
    "French": ["Déconnexion", "Se déconnecter", "Supprimer", "Ajouter au panier", "Acheter", "Se désabonner"],
    "Spanish": ["Cerrar sesión", "Salir", "Eliminar", "Borrar", "Añadir al carrito", "Comprar", "Darse de baja"],
    "Italian": ["Esci", "Disconnetti", "Elimina", "Cancella", "Aggiungi al carrello", "Acquista", "Disiscriviti"],
    "Portuguese": ["Sair", "Terminar sessão", "Excluir", "Apagar", "Comprar", "Cancelar inscrição"],
    "Dutch": ["Uitloggen", "Afmelden", "Verwijderen", "In winkelwagen", "Kopen"],
    "Swedish": ["Logga ut", "Ta bort", "Radera", "Lägg i varukorg", "Köp", "Avregistrera"],
    "Danish": ["Log ud", "Log af", "Slet", "Læg i kurv", "Køb", "Afmeld"],
    "Norwegian": ["Logg ut", "Logg av", "Slett", "Kjøp", "Avmeld"],
    "Finnish": ["Kirjaudu ulos", "Poista", "Lisää ostoskoriin", "Osta", "Peruuta tilaus"],
    "Polish": ["Wyloguj", "Wyloguj się", "Usuń", "Do koszyka", "Kup teraz", "Wypisz się"],
    "Czech": ["Odhlásit", "Odhlásit se", "Smazat", "Odstranit", "Do košíku", "Koupit"],
    "Slovak": ["Odhlásiť sa", "Odstrániť", "Do košíka", "Kúpiť"],
    "Hungarian": ["Kijelentkezés", "Törlés", "Kosárba", "Leiratkozás"],
    "Romanian": ["Deconectare", "Ieșire", "Șterge", "Adaugă în coș", "Cumpără", "Dezabonare"],
    "Bulgarian": ["Изход", "Изтриване", "Купи"],
    "Greek": ["Αποσύνδεση", "ΑΠΟΣΥΝΔΕΣΗ", "Διαγραφή", "Αγορά"],
    "Croatian": ["Odjava", "Odjavi se", "Izbriši", "Obriši", "Kupi"],
    "Slovenian": ["Odjava", "Izbriši", "Kupi"],
    "Estonian": ["Logi välja", "Kustuta", "Osta kohe"],
    "Latvian": ["Iziet", "Dzēst", "Pirkt"],
    "Lithuanian": ["Atsijungti", "Ištrinti", "Pirkti"],
    "Russian": ["Выйти", "Выход", "УДАЛИТЬ", "Купить", "В корзину", "Отписаться"],
    "Ukrainian": ["Вийти", "Видалити"],
    "Turkish": ["Çıkış", "ÇIKIŞ YAP", "Sil", "SİL", "Sepete Ekle", "Satın al", "Abonelikten çık"],
    "Japanese": ["ログアウト", "削除", "カートに入れる", "配信停止"],
    "Chinese": ["退出", "登出", "删除", "加入购物车", "退订"],
    "Korean": ["로그아웃", "삭제", "장바구니에 담기", "구독 취소"],
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_link_that_says_it_acts_is_left_alone(language):
    missed = [text for text in TEXTS[language] if not destructive(f"{HOME}x?id=1", text)]
    assert missed == []


def test_at_least_24_languages_are_spoken():
    assert len(TEXTS) >= 24


@pytest.mark.parametrize(
    "text", ["» Log out", "Logout →", "🗑 Delete", "[remove]", "  sign\n out ", "LÖSCHEN!", "SE DECONNECTER"]
)
def test_signs_case_and_accents_do_not_hide_it(text):
    assert destructive(f"{HOME}x", text)


@pytest.mark.parametrize(
    "path",
    [
        "logout", "user/logout", "logout.php", "account/sign-out/", "wp-login.php?action=logout", "?logout=1",
        "index.php?route=account/logout", "Special:UserLogout", "abmelden", "se-deconnecter", "cerrar-sesion",
        "uitloggen", "wyloguj", "d%C3%A9connexion", "%D0%B2%D1%8B%D0%B9%D1%82%D0%B8", "ログアウト",
        "items/5/delete", "delete.do", "delete-account", "posts/7/remove", "cart?action=delete&id=5", "?do=remove",
        "?delete=5", "konto/loeschen", "eliminar/5", "unsubscribe", "newsletter/unsubscribe/abc", "opt-out",
        "add-to-cart", "?add-to-cart=99", "cart/add_to_cart", "checkout", "buy-now", "in-den-warenkorb",
        "close-account", "cancel-subscription", "orders/5/cancel-order", "poll/vote", "reset", "revoke",
    ],
)  # fmt: skip
def test_an_address_that_acts_is_left_alone(path):
    assert destructive(HOME + path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "Home"),
        ("blog/how-to-delete-cookies", "How to delete cookies"),
        ("blog/how-to-delete-cookies/", "Delete your cookies in five steps"),
        ("docs/sql-delete.html", "DELETE"),
        ("docs/delete.html", ""),
        ("reference/drop-table.html", "Remove"),
        ("help/why-we-removed-the-checkout-fee", "Why we removed the checkout fee"),
        ("magazine/best-buys-of-2026", "Best buys"),
        ("undelete-me", "Undelete"),
        ("blog?q=logout", "Search results"),
        ("search?page=2&sort=removed", "Next page"),
        ("products/log-outdoor-table", "Outdoor table"),
        ("salient", "Salient"),
        ("buying-guide", "Buying guide"),
        ("newsletter/", "Newsletter"),
        ("about/our-removal-service", "Removals"),
        ("voters", "For voters"),
        ("--/__/%20/", "»"),
    ],
)
def test_a_page_that_speaks_of_it_is_a_page(path, text):
    assert destructive(HOME + path, text) == ""


def test_a_one_time_token_on_a_link_that_robots_shall_not_follow_acts():
    assert destructive(f"{HOME}x?token=5", "More", "nofollow noopener")
    assert not destructive(f"{HOME}x?token=5", "More", "noopener")
    assert not destructive(f"{HOME}x?tokens=5", "More", "nofollow")


def test_silence_is_no_word():
    assert "" not in _TEXTS

"""Words of clauses about links to other sites, in the seven languages of `field_words` (and written as there)."""

#: Words for a link, for a page, and for pages of somebody else.
LINK = """
    link*, hyperlink*, verlink*, verknupf*, lien, liens, hyperlien*, enlace*, vinculo*, collegament*, verwijzing*,
    ligac*, hiperlig*
"""
SITE = """
    site, sites, website*, web site*, webpage*, page, pages, webseite*, seiten, seite, internetseite*,
    internetauftritt*, sitio*, pagina*, web, webs, sito, siti, pagin*
"""
ELSEWHERE = """
    other site*, other website*, other web site*, other web page*, other webpage*, third party site*, third party
    website*, third party web site*, third party link*, third parties website*, external site*, external website*,
    external web site*, external link*, external page*, external internet site*, outside website*, outside site*,
    linked site*, linked website*, linked web site*, linked page*, outbound link*, non * website*, sites of third
    parties, websites of third parties, websites operated by, sites operated by,
    externe* link*, externe* seite*, externe* web*, externe* internet*, fremde* seite*, fremde* web*, fremde* inhalt*,
    andere* web*, andere* internetseite*, andere* seiten, websites dritter, webseiten dritter, seiten dritter,
    internetseiten dritter, web* von dritten, seiten anderer, verlinkte* seite*, verlinkte* web*, verlinkte* inhalt*,
    angebote dritter, autres sites, autre site, sites tiers, site tiers, sites externes, site externe, sites web tiers,
    sites web externes, sites de tiers, sites internet tiers, liens externes, sites lies, otros sitios, otro sitio,
    sitios de terceros, sitios web de terceros, sitios externos, sitios web externos, otras paginas, paginas externas,
    paginas de terceros, paginas web de terceros, paginas web externas, otras webs, enlaces externos, altri siti, altro
    sito, siti terzi, siti di terzi, siti web di terzi, siti esterni, siti web esterni, link esterni, collegamenti
    esterni, siti collegati, siti internet di terzi, andere sites, websites van derden, sites van derden, externe
    links, gelinkte web*, outros sites, outro site, sites de terceiros, sites externos, outros sitios, sitios de
    terceiros, sitios externos, outros websites, websites de terceiros, links externos, ligacoes externas, paginas
    externas, outras paginas
"""
#: A sentence with one of these goes on about what the sentence before named.
REFERS = """
    these, those, such, their, they, them, third party, external, linked, diese*, deren, solche*, fremde*, dritte*,
    externe*, verlinkte*, ces, cet, leur*, tiers, ceux ci, estos, estas, esos, esas, dichos, dichas, terceros, externos,
    questi, tali, loro, terzi, esterni, deze, hun, derden, zulke, dergelijke, estes, esses, essas, tais, deles,
    terceiros, externos
"""
NOT = """
    not, no, never, neither, nor, cannot, without, t, kein*, nicht, ohne, pas, aucun*, ni, ningun*, sin, non, nessun*,
    senza, niet, geen, noch, zonder, nao, nenhum*, nem, sem
"""
#: After a negation these turn the sentence round again.
BACK_AGAIN = """
    only, merely, just, hesitate, deny, denies, refuse*, shirk, avoid, disclaim*, escape, nur, bloss, seulement,
    uniquement, solo, solamente, soltanto, solamente, alleen, slechts, apenas, somente, so
"""
RESPONSIBLE = """
    responsib*, liab*, accountab*, control*, endors*, warrant*, govern*, apply, applies, cover, covers, extend*,
    verantwort*, haft*, einfluss*, kontroll*, gewahr*, gilt, gelten, eigen, responsab*, cautionn*, applique*,
    s applique*, aplica*, respald*, avala*, applica*, risponde*, approv*, verantwoord*, aansprakelijk*, controle,
    invloed, toepassing, geldt, onderschrijv*, endoss*
"""
#: Disclaimers that need no separate negation.
DISCLAIMS = """
    disclaim*, declin* toute responsabilite, declinons toute responsabilite, declin* * responsab*, rechaza* toda
    responsabilidad, at your own risk, on your own risk, auf eigene gefahr, auf eigenes risiko, bajo su propio riesgo,
    a proprio rischio, op eigen risico, por sua conta e risco, beyond our control, outside our control, outside of our
    control, ausserhalb unseres einflussbereich*, ausserhalb unserer kontrolle, buiten onze controle
"""
#: Other sites have rules of their own.
THEIRS = """
    their privacy*, their own, own privacy*, own polic*, own terms, different privacy*, separate privacy*, privacy
    practices, privacy policies of, privacy policy of, privacy statements of, read * privacy*, review * privacy*, deren
    datenschutz*, eigene* datenschutz*, jeweilige* datenschutz*, datenschutz* der jeweiligen, leur* politique*, leur*
    propre*, propre* politique*, sus propias, propias politicas, practicas de privacidad, proprie politiche, proprie
    informative, loro informativ*, pratiche * privacy, eigen privacy*, hun privacy*, hun eigen, privacybeleid van, suas
    proprias, proprias politicas, praticas de privacidade
"""
#: "You are leaving our site."
LEAVING = """
    you are leaving, you are now leaving, you will leave, you leave our, leave our site, leave our website, leaves our,
    leaves this, leaving this site, leaving our, sie verlassen, verlasst unsere, verlasst diese, verlassen unsere, vous
    quittez, vous allez quitter, quitter notre site, quitter le site, esta saliendo, esta abandonando, abandona
    nuestro, abandona el sitio, stai lasciando, sta lasciando, lascia il sito, lasciare il sito, u verlaat, je verlaat,
    verlaat deze, verlaat onze, voce esta saindo, esta a sair, sai do site, sair do site
"""
#: What a mark on a link says.
MARK = """
    external link, external site, external website, external web site, external page, external resource, external,
    third party site, third party website, third party link, offsite link, off site link, other website, externer link,
    externe seite, externe website, externe webseite, externer inhalt, extern, lien externe, site externe, site tiers,
    externe, enlace externo, sitio externo, sitio web externo, pagina externa, externo, link esterno, collegamento
    esterno, sito esterno, esterno, externe link, externe site, link externo, ligacao externa, site externo,
    hiperligacao externa
"""
#: "Opens in a new tab": says where it opens, and nothing about whose page it is.
NEW_WINDOW = """
    opens in a new tab, opens in a new window, opens in new tab, opens in new window, opens a new window, opens a new
    tab, new tab, new window, offnet in neuem tab, offnet in neuem fenster, offnet in einem neuen fenster,
    neues fenster,
    nouvelle fenetre, s ouvre dans une nouvelle fenetre, s ouvre dans un nouvel onglet, nouvel onglet, se abre en una
    nueva ventana, nueva ventana, nueva pestana, si apre in una nuova finestra, nuova finestra, opent in een nieuw
    venster, opent in nieuw venster, nieuw venster, abre em uma nova janela, nova janela, abre numa nova janela
"""

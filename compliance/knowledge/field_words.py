"""Words on form fields, in English, German, French, Spanish, Italian, Dutch and Portuguese.

Folded (lower case, no accents, `ss` for `ß`), separated by commas. `*` stands for any letters, `=` in
front means that the label says nothing else. Compiled for this project from the words of everyday forms.
"""

EMAIL = """
    *email*, e mail*, =mail, mail address, mailadress*, courriel, adresse electronique, correo, correo
    electronico, posta elettronica, indirizzo mail, correio eletronico, correio electronico
"""
PHONE = """
    *phone*, *telefon*, *telephone*, tel, telefoon*, mobile, mobile number, cell, cellulare, mobil*nummer, =mobil,
    handy*, *rufnummer*, festnetz*, portable, movil, celular, mobiel*, gsm, gsm nummer, telemovel, whatsapp*,
    landline, contact number, =fax*, call you back
"""
BIRTH = """
    *birth*, dob, =age, your age, *geburt*, =alter, naissance, anniversaire, =votre age, nacimiento, cumpleanos,
    =edad, nascita, compleanno, =eta, geboorte*, verjaardag, =leeftijd, nascimento, =aniversario, =idade
"""
IDENTITY = """
    passport*, ssn, social security, national id*, id number, driving licen*, driver licen*, dni, nif, nie, cpf,
    codice fiscale, bsn, burgerservicenummer, *ausweis*, steuer id, securite sociale, passeport*, pasaporte*,
    passaporto, paspoort*, passaporte, reisepass*
"""
PAYMENT = """
    iban, bic, card number, credit card*, cvv, cvc, *kontonummer, kreditkarte*, carte bancaire, tarjeta de
    credito, carta di credito, cartao de credito, account number, rekeningnummer
"""
COMPANY = """
    company*, *company name, organisation*, organization*, employer, business name, =business, firm name, firma*,
    firmen*, unternehmen*, arbeitgeber, institution, societe, entreprise, raison sociale, organisme, empresa,
    compania, organizacion, razon social, azienda, =societa, ditta, ragione sociale, =ente, bedrijf*,
    organisatie*, companhia, organizacao, razao social
"""
JOB = """
    job title, job position, jobtitle, =position, your position, =role, your role, occupation, profession, =job,
    =beruf, berufs*, =funktion, ihre funktion, =fonction, votre fonction, =poste, =metier, cargo, =puesto,
    profesion, ocupacion, =ruolo, qualifica, professione, mansione, functie*, beroep, profissao, =funcao,
    designation
"""
USERNAME = """
    username, user name, user id, userid, login name, =login, benutzername, nom d utilisateur, identifiant, nombre
    de usuario, =usuario, nome utente, gebruikersnaam, nome de utilizador, nome de usuario, =utilizador, nickname,
    pseudonym, pseudo, display name, screen name
"""
#: Addresses that are no postal ones.
NO_ADDRESS = """
    web address, website*, ip address, url, homepage, webseite, site web, sitio web, sito web, webadresse,
    internetadresse, internet address, wallet address
"""
COUNTRY = """
    country, country name, nationality, =land, ihr land, herkunftsland, =pays, votre pays, pais, =paese, nazione,
    uw land, =nation, staatsangehorigkeit, nationalite, nacionalidad
"""
ADDRESS = """
    *address*, street*, =city, your city, =town, city town, zip*, postcode, post code, postal*, =state, state
    province, =province, =county, =region, *adresse, anschrift, strasse*, *strasse, hausnummer, plz, plz ort,
    postleitzahl, =ort, =stadt, wohnort, bundesland, =rue, =ville, votre ville, code postal, =commune, direccion,
    =calle, ciudad, codigo postal, =cp, provincia, domicilio, indirizzo, =via, citta, =cap, =comune, adres,
    straat*, huisnummer, =plaats, woonplaats, =stad, endereco, morada, =rua, cidade, cep, localidade, concelho,
    bairro, =location, your location
"""
BUDGET = """
    *budget*, price range, preisrahmen, preisvorstellung, presupuesto, orcamento, spending range
"""
GENDER = """
    gender, =sex, geschlecht, sexe, =genre, sexo, genero, sesso, =genere, geslacht
"""
CAPTCHA = """
    *captcha*, recaptcha*, turnstile*, security code, verification code, are you human, not a robot, anti spam*,
    antispam*, sicherheitscode, sicherheitsfrage, code de securite, codigo de seguridad, codice di sicurezza,
    beveiligingscode, codigo de seguranca, kein roboter
"""
SEARCH = """
    search*, =q, =s, query, keyword*, suche*, suchbegriff*, recherche*, buscar*, busqueda, =cerca, cerca nel sito,
    ricerca, zoek*, pesquis*, procurar
"""
MESSAGE = """
    message*, comment*, enquiry, inquiry, question*, description, details, subject, feedback, how can we help*,
    project details, requirements, your request, nachricht*, mitteilung*, *kommentar*, *anliegen*, =frage, ihre
    frage, betreff, bemerkung*, anfrage, commentaire*, demande, objet, sujet, mensaje, comentario*, consulta,
    asunto, messaggio, commento, richiesta, oggetto, bericht, opmerking*, vraag, onderwerp, mensagem, assunto,
    duvida*
"""
#: The plain word for "name": a person's only when nothing but `NAME_COMPANIONS` stands beside it.
NAME_PLAIN = """
    name, names, nom, noms, nombre, nombres, nome, naam
"""
NAME_COMPANIONS = """
    a, and, apelido, apellido, apellidos, applicant, attendee, author, client, cognome, complet, complete,
    completo, completos, contact, customer, data, de, dein, e, en, erforderlich, et, f, famille, field, fields,
    first, form, full, guest, ihr, ihre, il, input, mauticform, item, je, jouw, l, la, last, le, legal, m,
    mandatory, my,
    nach, o, obbligatorio, obligatoire, obligatorio, of, optional, participant, patient, person, pflichtfeld,
    pila, prenom, prenoms, proprio, real, required, s, sender, seu, sobrenome, su, suo, teu, text, the, ton, tu,
    tuo, und, user, uw, verplicht, visitor, volledige, voller, vollstandiger, vor, vostro, votre, wpforms, y, your
"""
NAME = """
    first name, firstname, f name, l name, given name, forename, fname, last name, lastname, lname, surname,
    family name, middle name, full name, fullname, your name, yourname, vorname*, nachname*,
    familienname, zuname, anrede,
    ansprechpartner*, kontaktperson, contact person, prenom*, nom de famille, civilite, apellido*, nombre y
    apellido*, tratamiento, cognome, voornaam*, achternaam*, familienaam, aanhef, contactpersoon, sobrenome,
    apelido, salutation, honorific, nom prenom, nom et prenom, nome e cognome, persona de contacto, primeiro nome,
    ultimo nome
"""
#: On a select or on radio buttons these ask how to address a person.
TITLE = """
    =title, =titel, =titre, =titulo, =titolo, =mr mrs, =form of address
"""
CONSENT = """
    *agree*, *accept*, consent*, privacy*, terms*, subscribe*, newsletter*, gdpr, opt in, zustimm*, *verstanden,
    akzeptiere*, datenschutz*, agb, einwillig*, j accepte, consentement, confidentialite, conditions, rgpd,
    acepto, consentimiento, privacidad, condiciones, accetto, acconsento, consenso, informativa, akkoord,
    toestemming, voorwaarden, aceito, concordo, consentimento, privacidade, termos, i have read, gelesen, j ai lu,
    he leido, ho letto
"""
#: A file that is about the person who sends it.
PERSONAL_FILE = """
    cv, resume, curriculum*, lebenslauf*, photo*, passport*, passfoto, bewerbung*, *ausweis*, cover letter, lettre
    de motivation, carta de presentacion, foto, id card, portrait*
"""
#: Names that traps for robots go by; they count only on a field that nobody can see.
TRAP_NAMES = """
    hp, *honey*, gotcha, bot field, botfield, ak hp textarea, website, url, url 2, fax, nickname, b * *, winnie*,
    pooh*, are you human, extra info, hpt, hpmessage, *trap*
"""
#: What a trap tells the few who can read it.
TRAP_LABELS = """
    leave this * blank, leave * blank, leave * empty, leave blank, leave empty, do not fill*, don t fill*, if you
    are human, nicht ausfullen*, frei lassen, leer lassen, laissez * vide, ne pas remplir, ne remplissez pas,
    dejar en blanco, deje * en blanco, no rellenar, lasciare vuoto, non compilare, leeg laten, laat * leeg, niet
    invullen, deixe * em branco, nao preencha, nao preencher
"""
#: "All fields are required."
ALL_REQUIRED = """
    all fields are required, all fields required, all fields are mandatory, every field is required, alle felder
    sind pflichtfelder, alle felder sind auszufullen, alle felder sind erforderlich, tous les champs sont
    obligatoires, tous les champs sont requis, todos los campos son obligatorios, todos los campos son requeridos,
    tutti i campi sono obbligatori, alle velden zijn verplicht, todos os campos sao obrigatorios
"""
#: Beside a mark, these say that the mark means the contrary of what is usual.
MEANS_OPTIONAL = """
    optional, voluntary, freiwillig*, facultati*, opcional*, opzional*, optioneel
"""
MEANS_REQUIRED = """
    required, mandatory, must, pflicht*, erforderlich*, notwendig*, obligatoir*, requis*, obligatori*, requerid*,
    obbligatori*, richiest*, verplicht*, obrigatori*
"""
#: A form that finds a forgotten account.
RECOVER = """
    forgot*, lost password, lostpassword, reset password, password reset, recover*, passwort vergessen, kennwort
    vergessen, passwort zurucksetzen, mot de passe oublie, reinitialis*, olvid*, restablecer, password dimenticata,
    recupera*, wachtwoord vergeten, esqueci*, redefinir
"""
#: A form that makes a new account.
REGISTER = """
    regist*, sign up, signup, create * account, create account, join, konto erstellen, konto anlegen, inscri*, creer *
    compte, crear * cuenta, crea account, iscri*, account aanmaken, cadastr*, criar conta
"""

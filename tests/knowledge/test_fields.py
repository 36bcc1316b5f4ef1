"""What a field asks for, in seven languages, and the fields that try to look like something else."""

import pytest

from compliance.knowledge.fields import (
    FieldClass,
    classify,
    is_personal,
    is_trap,
    is_unclear,
    mark_means_optional,
    says_all_required,
)
from compliance.testing import form_field

LABELS = {
    FieldClass.NAME: [
        "Name",
        "Your name *",
        "First name",
        "Surname",
        "Ihr Name",
        "Vorname",
        "Nachname",
        "Anrede",
        "Nom",
        "Prénom",
        "Nom et prénom",
        "Nombre",
        "Nombre y apellidos",
        "Apellidos",
        "Nome",
        "Nome e cognome",
        "Cognome",
        "Naam",
        "Voornaam",
        "Achternaam",
        "Nome completo",
        "Sobrenome",
        "Name (required)",
        "Contact person",
    ],
    FieldClass.EMAIL: [
        "E-mail",
        "Email address",
        "E-Mail-Adresse",
        "Ihre E-Mail",
        "Adresse e-mail",
        "Courriel",
        "Correo electrónico",
        "Indirizzo email",
        "Posta elettronica",
        "E-mailadres",
        "Correio eletrônico",
        "Your business e‑mail",
    ],
    FieldClass.PHONE: [
        "Phone",
        "Mobile number",
        "Telefonnummer",
        "Rufnummer",
        "Handynummer",
        "Téléphone",
        "Teléfono",
        "Móvil",
        "Telefono",
        "Cellulare",
        "Telefoonnummer",
        "Telemóvel",
        "Celular",
    ],
    FieldClass.COMPANY: [
        "Company",
        "Company name",
        "Organisation",
        "Firma",
        "Unternehmen",
        "Entreprise",
        "Société",
        "Empresa",
        "Nombre de la empresa",
        "Azienda",
        "Ragione sociale",
        "Bedrijfsnaam",
        "Nome da empresa",
    ],
    FieldClass.JOB_TITLE: ["Job title", "Your role", "Beruf", "Fonction", "Cargo", "Ruolo", "Functie", "Profissão"],
    FieldClass.ADDRESS: [
        "Street address",
        "ZIP code",
        "City",
        "Straße und Hausnummer",
        "PLZ",
        "Code postal",
        "Ville",
        "Dirección",
        "Código postal",
        "Indirizzo",
        "Città",
        "Straatnaam",
        "Postcode",
        "Endereço",
        "Cidade",
    ],
    FieldClass.COUNTRY: ["Country", "Land", "Pays", "País", "Paese"],
    FieldClass.BIRTH_DATE: [
        "Date of birth",
        "Geburtsdatum",
        "Date de naissance",
        "Fecha de nacimiento",
        "Data di nascita",
        "Geboortedatum",
        "Data de nascimento",
    ],
    FieldClass.BUDGET: ["Budget", "Project budget", "Presupuesto", "Orçamento", "Preisrahmen"],
    FieldClass.MESSAGE: ["Message", "Subject", "Nachricht", "Betreff", "Sujet", "Mensaje", "Messaggio", "Bericht"],
    FieldClass.SEARCH: ["Search", "Suche", "Rechercher", "Buscar", "Zoeken", "Pesquisar"],
    FieldClass.CAPTCHA: ["Captcha", "Security code", "Sicherheitscode"],
    FieldClass.USERNAME: ["Username", "Benutzername", "Nom d'utilisateur", "Nome utente"],
    FieldClass.OTHER: [
        "Product name",
        "File name",
        "Domain name",
        "IP address",
        "Website URL",
        "Nombre de participants",
        "Title",
        "How did you hear about our company last year?",
        "Quantity",
    ],
}


@pytest.mark.parametrize(("label", "expected"), [(text, kind) for kind, texts in LABELS.items() for text in texts])
def test_the_label_says_what_is_asked_for(label, expected):
    assert classify(form_field("x", label=label)) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("contact[firstName]", FieldClass.NAME),
        ("your-email", FieldClass.EMAIL),
        ("billingPhone2", FieldClass.PHONE),
        ("mauticform[f_name]", FieldClass.NAME),
        ("user_company", FieldClass.COMPANY),
        ("company_name", FieldClass.COMPANY),
        ("q", FieldClass.SEARCH),
        ("g-recaptcha-response", FieldClass.CAPTCHA),
        ("field_3", FieldClass.OTHER),
    ],
)
def test_without_a_label_the_name_does(name, expected):
    assert classify(form_field(name, label=" ")) is expected


def test_the_autocomplete_token_beats_the_label():
    assert classify(form_field("x", label="Message", autocomplete="shipping work tel-national")) is FieldClass.PHONE
    assert classify(form_field("x", label="Telephone", autocomplete="section-a family-name")) is FieldClass.NAME
    assert classify(form_field("x", label="City", autocomplete="off")) is FieldClass.ADDRESS


def test_the_type_beats_the_label_and_the_label_the_name():
    assert classify(form_field("x", "email", "Message")) is FieldClass.EMAIL
    assert classify(form_field("email", "text", "Message")) is FieldClass.MESSAGE


def test_a_text_area_is_a_message_unless_it_asks_shortly_for_something_else():
    assert classify(form_field("x", "textarea", "Tell us about your company")) is FieldClass.MESSAGE
    assert classify(form_field("x", "textarea", "Delivery address")) is FieldClass.ADDRESS
    assert classify(form_field("x", "textarea", "Anything")) is FieldClass.MESSAGE


def test_a_placeholder_that_shows_an_address_asks_for_one():
    assert classify(form_field("f1", label=" ", placeholder="jane@example.com")) is FieldClass.EMAIL


def test_title_is_a_form_of_address_only_where_it_is_chosen():
    assert classify(form_field("x", "select", "Title")) is FieldClass.NAME
    assert classify(form_field("x", "text", "Title")) is FieldClass.OTHER


def test_checkboxes_ask_for_consent_or_for_nothing_known():
    assert classify(form_field("x", "checkbox", "I agree to the privacy policy")) is FieldClass.CONSENT
    assert classify(form_field("x", "checkbox", "Ich stimme der Datenschutzerklärung zu")) is FieldClass.CONSENT
    assert classify(form_field("gift", "checkbox", "Gift wrap")) is FieldClass.OTHER


def test_a_file_is_personal_only_when_it_is_about_the_sender():
    assert is_personal(form_field("cv", "file", "Your CV"))
    assert is_personal(form_field("x", "file", "Lebenslauf hochladen"))
    assert not is_personal(form_field("x", "file", "Design to print"))


def test_what_is_not_about_the_visitor_is_not_personal():
    for label in ("Message", "Budget", "Username", "Search"):
        assert not is_personal(form_field("x", label=label))
    assert not is_personal(form_field("email", "hidden", "Email"))


def test_a_trap_is_invisible_and_has_a_trap_name():
    assert is_trap(form_field("website", visible=False))
    assert is_trap(form_field("my_honeypot", visible=False))
    assert is_trap(form_field("_gotcha", visible=False))
    assert is_trap(form_field("x", label="Leave this field blank"))
    assert is_trap(form_field("x", label="Dieses Feld bitte nicht ausfüllen"))


def test_a_visible_website_field_and_an_invisible_email_are_no_traps():
    assert not is_trap(form_field("website", label="Website"))
    assert not is_trap(form_field("fax", label="Fax"))
    assert not is_trap(form_field("email", "email", "Email", visible=False))
    assert not is_trap(form_field("url", "hidden", "Url", visible=False))


def test_a_text_that_nobody_here_can_read_is_unclear():
    assert is_unclear(form_field("field_3", label=" "))
    assert is_unclear(form_field("x", label="Имя"))
    assert is_unclear(form_field("imie", label="Imię"), "pl")
    assert not is_unclear(form_field("x", label="Quantity"), "en-GB")
    assert not is_unclear(form_field("x", "email", "Имя"), "ru")


def test_what_the_form_says_about_its_marks():
    assert says_all_required("All fields are required.")
    assert says_all_required("Alle Felder sind Pflichtfelder")
    assert not says_all_required("Fields marked * are required")
    assert mark_means_optional("Felder mit * sind freiwillig")
    assert not mark_means_optional("* required, all others optional")
    assert not mark_means_optional("Optional fields are grey")

"""Carriers whose identifiers serve what the visitor asked for or what keeps the site up.

They are found like any other identifier and then listed with their reason. Names only excuse, they never
convict, and the excuse is void when the value is sent to another owner. Login cookies are not in the table:
visitors of this tool do not log in, so a cookie that looks like a login was given to somebody unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

CONSENT = "keeps the visitor's consent choice"
CSRF = "protects forms against cross-site request forgery"
BALANCER = "keeps a visitor on one server"
BOTS = "tells people from bots"
LANGUAGE = "keeps the language"

_TABLE: tuple[tuple[str, str], ...] = (
    (
        CONSENT,
        "OptanonConsent OptanonAlertBoxClosed eupubconsent* euconsent* CookieConsent* cookieconsent* cookie_consent* "
        "cookie-consent* cookieyes-* cky-* cookielawinfo-* viewed_cookie_policy cookie_notice_accepted cmplz_* "
        "borlabs-cookie* didomi_token usprivacy __cmp* tarteaucitron klaro cc_cookie CookieScriptConsent axeptio_* "
        "_iub_cs-* notice_preferences notice_gdpr_prefs notice_behavior FCCDCF FCNEC __gpp* addtl_consent consentUUID "
        "real_cookie_banner* cookiefirst-* moove_gdpr_popup gdpr_consent* uc_consent*",
    ),
    (
        CSRF,
        "csrftoken csrf csrf_* csrf-* _csrf _csrf_* _csrf-* *-csrf *_csrf *-csrf-token *_csrf_token *CSRF_TOKEN "
        "XSRF-TOKEN xsrf-token _xsrf *-xsrf-token __RequestVerificationToken* .AspNetCore.Antiforgery.* "
        "__Host-csrf* __Secure-csrf*",
    ),
    (
        BALANCER,
        "AWSALB AWSALBCORS AWSALBTG AWSALBTGCORS AWSELB AWSELBCORS ARRAffinity ARRAffinitySameSite BIGipServer* "
        "SERVERID GCLB ApplicationGatewayAffinity* INGRESSCOOKIE ROUTEID TiPMix x-ms-routing-name",
    ),
    (
        BOTS,
        "__cf_bm cf_clearance _cfuvid __cfruid _GRECAPTCHA datadome _abck bm_sz bm_sv bm_mi ak_bmsc _px2 _px3 _pxhd "
        "_pxvid pxcts incap_ses_* visid_incap_* nlbi_* reese84 __ddg* aws-waf-token hc_accessibility",
    ),
    (
        LANGUAGE,
        "lang language locale i18n i18next i18n_redirected pll_language wp-wpml_current_language NEXT_LOCALE "
        "django_language googtrans",
    ),
)

#: Glob of a cookie name → why an identifier in it is exempt.
DEFAULT_EXEMPT: Mapping[str, str] = {glob: reason for reason, globs in _TABLE for glob in globs.split()}


def exemption(name: str, more: Mapping[str, str] | None = None) -> str:
    """Why an identifier in the cookie `name` is exempt; empty when it is not. `more` comes first."""
    for table in (more or {}, DEFAULT_EXEMPT):
        for glob, reason in table.items():
            if fnmatchcase(name, glob):
                return reason
    return ""

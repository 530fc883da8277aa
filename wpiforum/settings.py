"""The one settings file: everything that differs between hosts comes from the environment."""

from pathlib import Path

from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from wpiforum import env
from wpiforum.operation import logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# LOCAL_HTTP is the explicit local mode: plain http on loopback only, so cookies and redirects must not ask for TLS.
LOCAL_HTTP = env.flag("LOCAL_HTTP")
DEBUG = env.flag("DEBUG")


def _local_secret() -> str:
    """Keep one random key per checkout, so that a restart signs nobody out."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text().strip()


SECRET_KEY = _local_secret() if LOCAL_HTTP else env.text("SECRET_KEY")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if LOCAL_HTTP else env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# The address that canonical links, the sitemap and feeds print; empty means "as asked".
SITE_ORIGIN = env.text("SITE_ORIGIN", "").rstrip("/")
# The last year whose holidays the Cabinet Office has published (each February it names those of the next year);
# later dates are computed by rule and shown as provisional.
HOLIDAYS_PUBLISHED_TO = env.whole_number("HOLIDAYS_PUBLISHED_TO", 2027)
# Where a reader can write about the portal; empty is shown as "not given yet", never invented.
CONTACT_EMAIL = env.text("CONTACT_EMAIL", "")
# Where vulnerabilities are reported, as addresses (mailto:, https:); by default the operator's mail.
SECURITY_CONTACTS = env.addresses("SECURITY_CONTACT", f"mailto:{CONTACT_EMAIL}" if CONTACT_EMAIL else "")
# Where the site's mail goes; without it nobody can ask for a new password by mail.
SENDS_MAIL, MAILERS = env.mailers("EMAIL_URL", "console:" if LOCAL_HTTP else "")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "") or CONTACT_EMAIL or "webmaster@localhost"
# Off: browsers drop the pages kept offline, and the worker that kept them, at their next visit.
OFFLINE_PAGES = env.flag("OFFLINE_PAGES", default=True)

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it extends
    "wpiforum.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # used by pages of allauth
    "django_filters",
    "django_prose_editor",  # for its static files
    "wpiforum.apps.WpiForumConfig",
    "wpiforum.provenance",
    "wpiforum.localization",
    "wpiforum.search",
    "wpiforum.publishing",
    "wpiforum.notices",
    "wpiforum.pagecache",
    "wpiforum.operation",
    "wpiforum.links",
    "centers",
    "onboarding",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wpiforum.accounts",  # last: it adds to how others show people
]

MIDDLEWARE = [
    "wpiforum.operation.middleware.RequestRecordMiddleware",  # first: it records what all others answer
    "wpiforum.pagecache.middleware.KeptPagesMiddleware",  # before the rest: what it answers costs nothing that follows
    "wpiforum.replicas.ReplicaMiddleware",
    "wpiforum.pagecache.pieces.PiecesMiddleware",  # inside the one that chooses the database the version is of
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # ETags, but for what the next one forbids to keep
    "wpiforum.middleware.PageCacheMiddleware",
    "wpiforum.middleware.LanguageMiddleware",
    "wpiforum.conditional.LastModifiedMiddleware",
    "wpiforum.opendata.middleware.OpenDataMiddleware",
    "wpiforum.middleware.BadInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wpiforum.accounts.middleware.StaffSessionMiddleware",
]

ROOT_URLCONF = "wpiforum.urls"
WSGI_APPLICATION = "wpiforum.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "wpiforum.context_processors.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "wpiforum.templatetags.page",
                "wpiforum.provenance.templatetags.provenance",
                "centers.templatetags.figures",
            ],
        },
    },
]

_POOL = env.whole_number("DATABASE_POOL", 8)
DATABASES = {"default": env.database("DATABASE_URL", default_path=VAR_DIR / "wpiforum.sqlite3", pool=_POOL)}
# A standby that readers' pages are read from (wpiforum/replicas.py); empty: all is read from DATABASE_URL.
REPLICA_URL = env.text("REPLICA_URL", "")
if REPLICA_URL:
    _replica = env.database("REPLICA_URL", default_path=VAR_DIR, pool=_POOL, patience=1)
    DATABASES["replica"] = _replica | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["wpiforum.replicas.ReplicaRouter"]
# Whole public pages that each process keeps in memory (wpiforum/pagecache), and where hosts tell each other of changes.
PAGE_CACHE_BYTES = 1_000_000 * env.whole_number("PAGE_CACHE_MB", 64)
REMEMBERS_PIECES = env.flag("REMEMBER_PIECES", default=True)
REDIS_URL = env.redis("REDIS_URL")
# What one process may remember alone, and what limits count: there, where there is a Redis, for all processes together.
_LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
_COUNTS = _LOCAL | {"LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 20_000}}
CACHES = {"default": _LOCAL, "limits": env.counts(REDIS_URL) or _COUNTS, "limits-here": _COUNTS}
# Tests switch this on: a page that loads relations one by one is then an error.
STRICT_LOADING = False
# Where words are looked up: the database itself, or a cluster (wpiforum/search/backends).
SEARCH_BACKEND = env.choice("SEARCH_BACKEND", ("database", "opensearch"), "database")
OPENSEARCH_URL = env.text("OPENSEARCH_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "wpiforum.publishing.permissions.RoleBackend",  # what a role may do is said in code
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

# Accounts of staff (wpiforum/accounts). Only administrators make them; readers have none.
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("required", "offered"), "offered" if LOCAL_HTTP else "required")
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "admin:index"
ACCOUNT_ADAPTER = "wpiforum.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # allauth checks it, nobody can sign up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address we do not know gets no mail and the same page
ACCOUNT_EMAIL_NOTIFICATIONS = SENDS_MAIL  # the owner hears of a new password or factor
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_LOGOUT_REDIRECT_URL = "admin:index"
# Signing in is counted by wpiforum/accounts/throttle.py; allauth's own would lock an account everywhere.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "", "reset_password": "60/m/ip,3/10m/key"}
ACCOUNT_FORMS = {"login": "wpiforum.accounts.forms.LoginForm"}
MFA_ADAPTER = "wpiforum.accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "wpiforum.accounts.forms.AuthenticateForm",
    "reauthenticate": "wpiforum.accounts.forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "WPI Forum"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators enter the addresses
# On this computer passkeys work over http too; browsers allow that for localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL_HTTP

# Japanese is the authentic text and the default of the admin; `/` redirects by Accept-Language (wpiforum/views.py).
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "ja"
# A missing translation is said, never silently replaced by the other language.
MODELTRANSLATION_ENABLE_FALLBACKS = False
USE_I18N = True
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# Files that staff upload; there are none yet. On a disk, or on object storage that several hosts share.
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": env.media("MEDIA_STORE"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
# What `load_fixtures` merges, in order: a row comes after the rows it refers to.
CONTENT_FIXTURES = [
    "sources",
    "program",
    "centers",
    "people",
    "indicators",
    "claims",
    "guide-sources",
    "offices",
    "facts",
    "topics",
    "guides-open-calls",
    "guides-receiving",
    "guides-employment",
    "guides-immigration",
    "guides-systems-and-rules",
    "guides-daily-life",
    "guides-multilingual-campus",
    "guides-emergencies",
    "glossary",
    "emergency",
    "materials",
    "status",
]

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    # No text becomes markup or a script's address, but the worker's (site.js). Not on staff pages: see CONTRIBUTING.md.
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["worker"],
}
# Bodies are forms and spreadsheets of staff; nginx refuses larger ones before they arrive (deploy/nginx).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LOCAL_HTTP
# Load balancers and monitoring ask the application itself, without TLS.
SECURE_REDIRECT_EXEMPT = ["^(?:healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 0 if LOCAL_HTTP else env.whole_number("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL_HTTP
# Lists of browsers are hard to leave, so only who asks for it; subdomains have to speak TLS, too.
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # which asks for preloading
BEHIND_TLS_PROXY = env.flag("BEHIND_TLS_PROXY")
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the last address in X-Forwarded-For is the proxy's own word
# A staff session ends after this long without a request, and at the latest after this long altogether.
SESSION_IDLE_SECONDS = 60 * env.whole_number("SESSION_IDLE_MINUTES", 120)
SESSION_COOKIE_AGE = 60 * 60 * env.whole_number("SESSION_HOURS", 12)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "WARNING")
# json: one object a line, and a line for each request, without personal data (wpiforum/operation/logs.py).
LOG_FORMAT = env.choice("LOG_FORMAT", ("json", "plain"), "plain" if LOCAL_HTTP else "json")
# Errors are mailed here, without what anybody typed; empty: they are in the log only.
ADMINS = env.words("ERROR_MAIL")
LOGGING = logs.settings_for(level=LOG_LEVEL, style=LOG_FORMAT, mails=bool(ADMINS) and SENDS_MAIL)
# Who reads /metrics: whoever has this token; without one, this machine.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

"""Every setting of an installation, read from the environment.

A variable may be given as `NAME` or, for secrets, as `NAME_FILE` (the path of a
file that holds it). `docs/reference/settings.md` lists them all; a test compares.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

PACKAGE = Path(__file__).resolve().parent.parent
_checkout = PACKAGE.parent.parent


def _said(name: str, default: str = "") -> str:
    """Return the setting `name`, from `NAME_FILE`'s content where that is set."""
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text().strip() if file else os.environ.get(name, default)


def _flag(name: str, *, default: bool = False) -> bool:
    return _said(name, "1" if default else "0").lower() in {"1", "yes", "true", "on"}


# Where this installation keeps its embedded database, its key and its secrets.
_in_checkout = (_checkout / "pyproject.toml").exists()
HOME = Path(
    _said("MADOGUCHI_HOME") or (_checkout / "var" if _in_checkout else Path.home() / ".madoguchi")
)

DATABASE_URL = _said("DATABASE_URL") or f"sqlite:///{HOME / 'madoguchi.sqlite3'}"
EMBEDDED = DATABASE_URL.startswith("sqlite:")
DATABASES: dict[str, Any] = {
    "default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True))
}
if EMBEDDED:
    DATABASES["default"]["ENGINE"] = "madoguchi.config.database"  # SQLite, with a queue
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
        ),
    }

# The key that wraps every matter's key. Never in the database.
MASTER_KEY = _said("MADOGUCHI_KEY")
MASTER_KEY_PATH = (
    _said("MADOGUCHI_KEY_PATH")  # else, beside an embedded database only:
    or (f"{DATABASES['default']['NAME']}.key" if EMBEDDED else "")
)


def _secret_key() -> str:
    """Return Django's secret, making one beside an embedded database that has none."""
    if said := _said("SECRET_KEY"):
        return said
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = _flag("DEBUG")
ALLOWED_HOSTS = _said("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in _said("CSRF_TRUSTED_ORIGINS").split(",") if origin]
# Set where TLS ends before us (or here): secure cookies, HSTS, redirect.
HTTPS = _flag("HTTPS")

INSTALLED_APPS = [
    "madoguchi.ui",
    "madoguchi.vault",
    "madoguchi.jobs",
    "madoguchi.desks",
    "madoguchi.directory",
    "madoguchi.handbook",
    "madoguchi.matters",
    "madoguchi.ledger",
    "madoguchi.correspondence",
    "madoguchi.consultations",
    "madoguchi.referrals",
    "madoguchi.experts",
    "madoguchi.intake",
    "madoguchi.guide",
    "madoguchi.workbench",
    "madoguchi.statistics",
    "madoguchi.administration",
    "madoguchi.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "madoguchi.ui.middleware.Privacy",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "madoguchi.ui.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "madoguchi.ui.origin.OwnForms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "madoguchi.desks.middleware.SignIn",
    "allauth.account.middleware.AccountMiddleware",
    "madoguchi.desks.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "madoguchi.ui.context.address",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "madoguchi.ui.templatetags.ui",
            ],
        },
    }
]

FORM_RENDERER = "madoguchi.ui.controls.Controls"

ROOT_URLCONF = "madoguchi.config.urls"
WSGI_APPLICATION = "madoguchi.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- files: sealed ones, beside the database ---------------------------------------------
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": HOME / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

# -- people -------------------------------------------------------------------------
AUTH_USER_MODEL = "desks.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench:inbox"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "madoguchi.desks.adapter.StaffOnly"
MFA_ADAPTER = "madoguchi.desks.adapter.SealedSecondFactor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_NOTIFICATIONS = False
# allauth would count in each process's memory: the adapter and the forms count in the database.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "madoguchi.desks.forms.SignIn",
    "reauthenticate": "madoguchi.desks.forms.PasswordAgain",
    "change_password": "madoguchi.desks.forms.NewPassword",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey asks for a finger, a face or a PIN: by itself it is both factors.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Nothing can be guessed at a passkey; the codes are counted by our own forms.
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "Madoguchi"
MFA_TOTP_TOLERANCE = 1  # half a minute: telephones' clocks differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "activate_totp": "madoguchi.desks.forms.SetUpCode",
    "authenticate": "madoguchi.desks.forms.SecondFactorCode",
    "reauthenticate": "madoguchi.desks.forms.SecondFactorAgain",
    "add_webauthn": "madoguchi.desks.forms.NewPasskey",
}

# -- sessions: sealed rows whose key only the cookie holds ----------------------------
SESSION_ENGINE = "madoguchi.vault.sessions"
SESSION_COOKIE_NAME = "m"
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = "t"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "madoguchi.ui.views.form_expired"

# -- what a page may do -----------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked for on the machine itself, past the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A story of 4,000 letters and every optional field is under 100 KB, whatever the script.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 40  # a page says kindly what is more than it takes
# Nothing that comes in is written to the disk before it is sealed.
FILE_UPLOAD_HANDLERS = ["madoguchi.ui.uploads.InMemory"]
# Where the ClamAV of this machine listens; no such socket: nothing is scanned, and pages say so.
CLAMAV_SOCKET = _said("CLAMAV_SOCKET", "/run/clamav/clamd.ctl")
# Addresses in front of us whose X-Forwarded-For is believed (for rate limits).
TRUSTED_PROXIES = [address for address in _said("TRUSTED_PROXIES").split(",") if address]

# Where people reach this installation (`https://…`), for links that leave it.
PUBLIC_URL = _said("PUBLIC_URL").rstrip("/")
# The LINE official account, where the desk has one; without its secret there is no door for it.
LINE_CHANNEL_SECRET = _said("LINE_CHANNEL_SECRET")
LINE_CHANNEL_TOKEN = _said("LINE_CHANNEL_TOKEN")
LINE_ACCOUNT_URL = _said("LINE_ACCOUNT_URL")
LINE_API_URL = _said("LINE_API_URL", "https://api.line.me").rstrip("/")

# Certificates by which mail servers are known, where they are not the system's own (PEM).
MAIL_CA_FILE = _said("MAIL_CA_FILE")

# -- languages and time -----------------------------------------------------------------
LANG_INFO["ja-easy"] = {
    "bidi": False,
    "code": "ja-easy",
    "name": "Easy Japanese",
    "name_local": "やさしい日本語",
}
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# Where PDFs look for BIZ UDPGothic beside the system's own places (tools/fonts.py).
FONT_PATHS = [str(Path(sys.prefix) / "share" / "fonts")]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Words of people never reach a log: Django's own messages name paths, not contents. At DEBUG
# these two would write down what a page was drawn from and what the database was asked.
_WOULD_TELL = ("django.template", "django.db.backends")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": _said("LOG_LEVEL", "WARNING")},
    "loggers": {name: {"level": "INFO"} for name in _WOULD_TELL},
}

"""Django's settings, all in this one file. What an operator sets by hand lives in the database (balie.operator)."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

BASE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("BALIE_HOME") or Path.home() / ".local/share/balie").expanduser().absolute()


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name?sslmode=require`."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError as error:
        raise SystemExit(f"balie: BALIE_DATABASE_URL: {error}") from error
    name = unquote(parts.path.removeprefix("/"))
    if not name or parts.scheme not in ("sqlite", "postgresql", "postgres"):
        scheme = f"{parts.scheme}: " if parts.scheme else ""
        raise SystemExit(f"balie: BALIE_DATABASE_URL: {scheme}write sqlite:///PATH or postgresql://USER@HOST/NAME")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            # Three slashes or four: the path is absolute.
            "NAME": name if name == ":memory:" else f"/{name.lstrip('/')}",
            "OPTIONS": {
                # A writer takes its lock at BEGIN: a read that turns into a write can then never fail half way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                " PRAGMA wal_autocheckpoint=10000;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def own_folder(folder: Path) -> Path:
    """Makes a folder that only its owner may read. A setting that names an impossible one is said in one line."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"balie: {folder}: this folder cannot be made ({error.strerror}); see BALIE_HOME.") from error
    return folder


def secret_key() -> str:
    """The signing key: from BALIE_SECRET_KEY, else made once in BALIE_HOME, readable by its owner only."""
    if key := os.environ.get("BALIE_SECRET_KEY"):
        return key
    path = HOME / "secret_key"
    if not path.exists():
        # Written under another name first: two processes starting at once must end up with the same key.
        draft = own_folder(HOME) / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


DATABASES = {"default": database(os.environ.get("BALIE_DATABASE_URL") or f"sqlite:///{HOME / 'balie.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3") and DATABASES["default"]["NAME"] != ":memory:":
    own_folder(Path(DATABASES["default"]["NAME"]).parent)
FILES_URL = os.environ.get("BALIE_FILES_URL") or str(HOME / "files")
SECRET_KEY = secret_key()
DEBUG = False
# The operator's base_url may add a host; balie.web.hosts looks at each request's.
ALLOWED_HOSTS = ["*"]
EXTRA_HOSTS = [host for host in os.environ.get("BALIE_ALLOWED_HOSTS", "").split(",") if host]
TRUST_PROXY = os.environ.get("BALIE_TRUST_PROXY", "").lower() in ("1", "yes", "true")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# From the ground floor up, as in ARCHITECTURE.md.
OWN_APPS = (
    "operator leases notifications accounts numbers tasks tariffs calls messages contracts notes billing statements"
    " controlling quality backup web"
)
INSTALLED_APPS = [
    *(f"balie.{name}" for name in OWN_APPS.split()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "balie.api.middleware.ApiMiddleware",
    "balie.config.cookies.SecureCookies",
    "balie.web.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "balie.web.middleware.OfficeMiddleware",
]
ROOT_URLCONF = "balie.config.urls"
WSGI_APPLICATION = "balie.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "balie.web.context.look",
            ]
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["balie.accounts.backend.Login"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "balie.web.errors.csrf_failure"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "balie.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if "pytest" in sys.modules:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Second factors and sessions (docs/decisions/registration.md). Passwords are counted in balie.accounts.login, codes in
# balie.web.entry.codes, in a table that all processes share: a code works once, and five wrong ones of one login from
# one address in five minutes are enough.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
ACCOUNT_ADAPTER = "balie.web.entry.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": None, "code": "5/5m/key", "code_anywhere": "50/h/key"}
MFA_ADAPTER = "balie.web.entry.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "balie.web.entry.codes.Asked",
    "reauthenticate": "balie.web.entry.codes.AskedAgain",
    "activate_totp": "balie.web.entry.codes.First",
}
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ by some seconds

LANGUAGE_CODE = "en"
LANGUAGES = [("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "balie.web.finders.BootstrapFinder",
]
WHITENOISE_USE_FINDERS = True
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
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a tariff of 500 items is one form
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("BALIE_LOG", "WARNING")},
    # What a browser asks for in vain is no news.
    "loggers": {"django.request": {"level": "ERROR"}},
}

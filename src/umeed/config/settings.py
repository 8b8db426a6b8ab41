"""Django settings, all of them from the environment (see `environment.py`), safe unless told otherwise."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from umeed.config.environment import DEVELOPMENT_MARK, UnsafeSettings, hosts, mode, secret, value_of

PROJECT = Path(__file__).resolve().parents[3]
MODE = mode()
DEBUG = False
DATA = Path(value_of("UMEED_DATA") or PROJECT / "data")

SECRET_KEY = secret("UMEED_SECRET_KEY", f"{DEVELOPMENT_MARK}-secret-key-that-production-refuses-to-start-on")
# 64 bytes in base64: known to everybody who reads this file, so production refuses it.
FIELD_KEY = secret("UMEED_FIELD_KEY", "dW1lZWQ" + "A" * 79 + "==", size=64)
HASH_KEY = secret("UMEED_HASH_KEY", "dW1lZWQ" + "B" * 36 + "=", size=32)
ALLOWED_HOSTS = hosts()
CSRF_TRUSTED_ORIGINS = value_of("UMEED_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "umeed.core",
    "umeed.places",
    "umeed.access",
    "umeed.institutions",
    "umeed.books",
    "umeed.profiles",
    "umeed.duplicates",
    "umeed.field",
    "umeed.simulator",
    "umeed.web",
    "umeed.bench",
    "umeed.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "umeed.web.headers.HeadersOfEveryAnswer",
    "umeed.web.packing.PackedText",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "umeed.api.middleware.PersonByToken",
    "umeed.field.middleware.BookkeeperByPhone",
    "umeed.access.middleware.LanguageOfThePerson",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "umeed.access.middleware.SecondStepForOfficers",
    "umeed.access.middleware.OneTransactionOneViewer",
]

ROOT_URLCONF = "umeed.config.urls"
WSGI_APPLICATION = "umeed.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "umeed.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(url: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL address; `?host=` names the folder of a Unix socket.

    All else after the `?` goes to libpq as it stands (`sslmode=verify-full`, say): dropping it would drop the guard.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise UnsafeSettings("DATABASE_URL must begin with postgresql://; Umeed runs on PostgreSQL only.")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "client_encoding": "UTF8",
            **{name: given[-1] for name, given in query.items() if name not in ("host", "port")},
        },
        "TEST": {"TEMPLATE": "template1"},
    }


DATABASES = {"default": _database(value_of("DATABASE_URL") or "postgresql:///umeed")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# One cache for all processes, so that a throttle counts a person once whichever process answers her.
# Room for many entries: a flood of invented user names must not push out the count of the one that is attacked.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # What `{% cache %}` keeps, in each process's own memory: parts of pages that are the same for all who ask the same.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template-fragments",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "umeed.access.passwords.NotEasyToGuess"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_ADAPTER = "umeed.access.adapters.NoOpenSignUp"
SOCIALACCOUNT_ADAPTER = "umeed.access.adapters.OnlyKnownPeople"
ACCOUNT_EMAIL_VERIFICATION = "none"
# By her name, as everywhere; not by her user name.
ACCOUNT_USER_DISPLAY = str
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords in a row: five for an account in five minutes, twenty for an address in a minute (an office shares
# one); the next is refused.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = value_of("UMEED_PROXIES")
# Who must have a second step at sign-in: officers, or none.
SECOND_FACTOR = value_of("UMEED_SECOND_FACTOR") or ("officers" if MODE == "production" else "none")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
MFA_ADAPTER = "umeed.access.adapters.SealedSecrets"
MFA_FORMS = {
    "add_webauthn": "umeed.access.allauth_forms.AddPasskey",
    "edit_webauthn": "umeed.access.allauth_forms.RenamePasskey",
    "login_webauthn": "umeed.access.allauth_forms.SignInByPasskey",
    "authenticate_webauthn": "umeed.access.allauth_forms.SecondStepByPasskey",
    "reauthenticate_webauthn": "umeed.access.allauth_forms.ProveByPasskey",
}
SOCIALACCOUNT_FORMS = {"disconnect": "umeed.access.allauth_forms.TakeOff"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if value_of("UMEED_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": value_of("UMEED_OIDC_NAME") or "Single sign-on",
                "client_id": value_of("UMEED_OIDC_CLIENT_ID"),
                "secret": value_of("UMEED_OIDC_CLIENT_SECRET"),
                # The mission's own provider vouches for addresses, so that it may open the account of that address.
                "settings": {"server_url": value_of("UMEED_OIDC_ISSUER"), "email_authentication": True},
            }
        ],
    }

LANGUAGE_CODE = value_of("UMEED_LANGUAGE")
LANGUAGES = [("en", _("English")), ("hi", _("Hindi")), ("ur", _("Urdu"))]
LOCALE_PATHS = [PROJECT / "src" / "umeed" / "core" / "locale"]
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "development"
_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": _STORAGE if MODE != "development" else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_LIMIT_BYTES = value_of("UMEED_UPLOAD_MB") * 1024 * 1024

_TLS = value_of("UMEED_BEHIND_TLS") and MODE == "production"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_SSL_REDIRECT = _TLS
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

_MAIL = urlsplit(value_of("UMEED_EMAIL_URL"))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.hostname else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "localhost", _MAIL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_TLS = EMAIL_PORT == 587
DEFAULT_FROM_EMAIL = value_of("UMEED_EMAIL_FROM")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
CSRF_FAILURE_VIEW = "umeed.web.errors.stale_form"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# W021: to put the whole domain on the browsers' preload list is the operator's decision, not this product's.
SILENCED_SYSTEM_CHECKS = ["security.W021"] if _TLS else ["security.W021", "security.W004"]

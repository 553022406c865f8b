"""Settings of SmartKirana, read from the environment (and `.env`), safe unless told otherwise.

`SMARTKIRANA_ENV=local` is what `make run` and the tests set: this computer only, plain HTTP, a secret made once
into `var/`, the embedded database. Without it nothing has a default that would be unsafe on the internet.
"""

import os
import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from smartkirana import local_files

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

TESTING = "pytest" in sys.modules
LOCAL = env.str("SMARTKIRANA_ENV", default="local" if TESTING else "production") == "local"
DEBUG = env.bool("DEBUG", default=False)
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG is for this computer only: set SMARTKIRANA_ENV=local as well, or DEBUG=0.")

SECRET_KEY = env.str("SECRET_KEY", default="") or (local_files.secret_key(VAR_DIR) if LOCAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text (see .env.example), or SMARTKIRANA_ENV=local on your own computer.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "smartkirana",
    "ledger",
    "orders",
    "inventory",
    "catalog",
    "shops",
    "smartkirana.apps.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "ninja",
    "phonenumber_field",
    "django_htmx",
    "django_tables2",
    "django_q",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smartkirana.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "smartkirana.urls"
WSGI_APPLICATION = "smartkirana.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shops.navigation.navigation",
            ],
            "builtins": ["smartkirana.templatetags.kirana", "django_htmx.templatetags.django_htmx"],
        },
    }
]

# --- database -------------------------------------------------------------------------------------------------
# One engine everywhere: the server DATABASE_URL names, else the embedded PostgreSQL in var/, started when needed.
DATABASE_URL = env.str("DATABASE_URL", default="")
COMMANDS_WITHOUT_DATABASE = {"collectstatic", "messages", "makemessages", "compilemessages", "db", "help", "version", "--version", "--help"}
DATABASES = {
    "default": local_files.database(DATABASE_URL, VAR_DIR, needed=sys.argv[1:2] == [] or sys.argv[1] not in COMMANDS_WITHOUT_DATABASE)
}
# Two test runs at once on one machine must not meet in one database.
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE", default=f"test_smartkirana_{os.getppid()}")}
DATABASES["default"].setdefault("CONN_MAX_AGE", 600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that lock-outs count across workers; roomy, since what overflows is thrown away, counted tries with it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "shops.User"
AUTHENTICATION_BACKENDS = ["shops.backends.PhoneBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name",)}},
    {"NAME": "shops.passwords.NotThePhone"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PHONENUMBER_DEFAULT_REGION = "IN"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"
ACCOUNT_ADAPTER = "shops.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "shops.forms.SignInForm", "change_password": "shops.forms.ChangePasswordForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # the key is the phone
    "change_password": "5/m/user",
    "reauthenticate": "5/5m/user",
    "join": "20/10m/ip,5/10m/key",  # the key is the phone
}
ACCOUNT_PREVENT_ENUMERATION = True
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "shops.second_step_adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL  # http://localhost; a browser itself allows passkeys nowhere else without HTTPS
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off; no code is taken twice (shops/second_step.py)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are known by their phone
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}
MFA_FORMS = {
    "authenticate": "shops.second_step_forms.SecondStepForm",
    "authenticate_webauthn": "shops.second_step_forms.PasskeyForm",
    "login_webauthn": "shops.second_step_forms.PasskeySignInForm",
    "activate_totp": "shops.second_step_forms.AddAppForm",
    "add_webauthn": "shops.second_step_forms.AddPasskeyForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# --- the REST API ---------------------------------------------------------------------------------------------
HEADLESS_JWT_ALGORITHM = "HS256"  # signed with SECRET_KEY
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 24 * 60 * 60
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 60 * 60
API_QUERY_TOKEN = env.bool("API_QUERY_TOKEN", default=False)  # `?token=`: for the oldest clients only, since addresses end up in logs
API_PER_MINUTE = env.int("API_PER_MINUTE", default=600)  # requests of one session or key
API_STRANGERS_PER_MINUTE = env.int("API_STRANGERS_PER_MINUTE", default=60)  # requests of one address without a token
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # a phone is unique among people, and again among each shop's customers: shops/models.py

# --- words, time, money ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-in"
LANGUAGES = [("en", "English"), ("hi", "हिन्दी")]
LOCALE_PATHS = [BASE_DIR / "smartkirana" / "locale"]
FORMAT_MODULE_PATH = ["smartkirana.formats"]
TIME_ZONE = "Asia/Kolkata"
USE_I18N = True
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "smartkirana.static_storage.KiranaStaticStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60_000  # a bill of 10,000 lines is refused in words by the counter, not here
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# --- background work ------------------------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "smartkirana",
    "orm": "default",
    "workers": env.int("WORKERS", default=1),
    "timeout": 600,
    "retry": 900,
    "max_attempts": 3,
    "poll": 0.5,
    "catch_up": False,
    "sync": TESTING,
}

# --- security -------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if env.bool("BEHIND_PROXY", default=False) else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# People sign in by phone; mail goes out only to those who gave an address. On this computer it is printed instead.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
# SMS: codes to sign in with, and khata reminders (shops/sms.py). The default writes them to the console of a local installation.
SMS_BACKEND = env.str("SMS_BACKEND", default="shops.sms.ConsoleSms")
SMS_FILE = env.str("SMS_FILE", default="")
SMS_HTTP_URL = env.str("SMS_HTTP_URL", default="")
SMS_HTTP_METHOD = env.str("SMS_HTTP_METHOD", default="POST")
SMS_HTTP_PARAMS = env.json("SMS_HTTP_PARAMS", default={})
SMS_HTTP_JSON = env.json("SMS_HTTP_JSON", default={})
SMS_HTTP_HEADERS = env.json("SMS_HTTP_HEADERS", default={})
SMS_HTTP_KEY = env.str("SMS_HTTP_KEY", default="")
SMS_HTTP_EXPECT = env.str("SMS_HTTP_EXPECT", default="")
SMS_HTTP_TIMEOUT = env.int("SMS_HTTP_TIMEOUT", default=10)  # seconds
SMS_CODE_TEXT = env.str("SMS_CODE_TEXT", default="")
SMS_TEMPLATES = {"code": env.str("SMS_TEMPLATE_CODE", default=""), "reminder": env.str("SMS_TEMPLATE_REMINDER", default="")}
MAILS_NOTICES = not LOCAL and bool(env.str("MAIL_HOST", default=""))
if not LOCAL:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.str("MAIL_HOST", default="localhost"),
            "port": env.int("MAIL_PORT", default=587),
            "username": env.str("MAIL_USER", default=""),
            "password": env.str("MAIL_PASSWORD", default=""),
            "use_tls": env.bool("MAIL_TLS", default=True),
        },
    }

DJANGO_TABLES2_TEMPLATE = "tables/kit.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO")},
}

"""Who someone is, and how they prove it: passwords, codes, tokens, other providers."""

import re
from typing import Any

from settings.variables import env, refuse, switch, whole

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["core.accounts.backends.CappedBackend"]
# Emails are unique by a constraint on lower(email), which this check doesn't see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
PASSWORD_HASHERS = ["core.accounts.hashers.Argon2idHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
PASSWORD_MIN_LENGTH = 8
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name", "phone")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
ACCESS_TOKEN_LIFETIME = whole("ACCESS_TOKEN_LIFETIME", 900, least=1)
REFRESH_TOKEN_LIFETIME = whole("REFRESH_TOKEN_LIFETIME", 1_209_600, least=1)
REFRESH_GRACE = whole("REFRESH_GRACE", 10)
ROTATE_REFRESH_TOKENS = switch("ROTATE_REFRESH_TOKENS", default=False)
OTP_LIFETIME = whole("OTP_LIFETIME", 600, least=1)
# "kid:secret,kid:secret": the first signs, all verify. "main", alone, is the key made from SECRET_KEY.
JWT_KEYS = env.str("JWT_KEYS", default="") or "main"
if not all(re.fullmatch(r"\s*(main|[^:\s]+:\S+)\s*", key) for key in JWT_KEYS.split(",")):
    refuse("JWT_KEYS", "must be like kid:secret,kid:secret")
JWT_ISSUER = "my-accountant"
JWT_AUDIENCE = "my-accountant-api"
JWT_LEEWAY = 5

THROTTLES = switch("THROTTLES", default=True)
# How many proxies of ours stand before the web process: the edge is one.
NUM_PROXIES = whole("NUM_PROXIES", 1)

GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE_API_URL = env.str("GOOGLE_API_URL", default="https://www.googleapis.com/oauth2/v3")
FACEBOOK_APP_ID = env.str("FACEBOOK_APP_ID", default="")
FACEBOOK_APP_SECRET = env.str("FACEBOOK_APP_SECRET", default="")
FACEBOOK_API_URL = env.str("FACEBOOK_API_URL", default="https://graph.facebook.com/v23.0")

"""A developer's machine: every secret has a default, nothing is sent anywhere."""

from settings.base import *
from settings.base import env

SECRET_KEY = env.str("SECRET_KEY", default="local-only-secret-key-never-used-in-production")
WHITENOISE_USE_FINDERS = True

"""A developer's machine: every secret has a default, nothing is sent anywhere."""

from django.core.exceptions import ImproperlyConfigured

from settings.base import *
from settings.variables import env, refused, switch

SECRET_KEY = env.str("SECRET_KEY", default="local-only-secret-key-never-used-in-production")
# Static files come straight from their packages: nothing is collected.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
DEMO = True
LIVE_PAGE = switch("LIVE_PAGE", default=True)

if refused:
    raise ImproperlyConfigured("; ".join(f"{name} {wrong}" for name, wrong in refused.items()))

"""The tests: local settings on servers of their own, with quick password hashing."""

from settings.local import *

PASSWORD_HASHERS = ["tests.hashers.QuickArgon2idHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

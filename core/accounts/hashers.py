"""Password hashing at a cost measured on two cores: docs/decisions says how."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """argon2id, 19 MiB, two passes, one lane (OWASP's first choice): about 28 ms a hash."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

"""Password hashing quick enough to make hundreds of accounts."""

from core.accounts.hashers import Argon2idHasher


class QuickArgon2idHasher(Argon2idHasher):
    """The same algorithm at its lowest cost."""

    time_cost = 1
    memory_cost = 8

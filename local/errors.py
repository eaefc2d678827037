"""What can keep a local run from starting, told in one line."""


class LocalRunError(Exception):
    """What is wrong and how to mend it; the whole message is one line for the terminal."""

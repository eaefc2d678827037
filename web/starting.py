"""What a server's signals do while it is still starting."""

import signal
import threading


def end_when_told() -> None:
    """Let SIGTERM and SIGINT end this process, though it has inherited handlers that do nothing in it.

    Granian forks its children from a parent that only notes a signal for itself, and sets theirs
    once the application is loaded: one that came before would be lost, and the child be killed
    after ten seconds. Handlers of other servers stay.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if getattr(handler, "__module__", None) == "granian.server.common":
            signal.signal(number, signal.SIG_DFL)

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "core.bookings"
    label = "bookings"

    def ready(self) -> None:
        from core.bookings import signals  # noqa: F401, PLC0415 — models must be loaded first

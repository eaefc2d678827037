from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "core.profiles"
    label = "profiles"

    def ready(self) -> None:
        from core.profiles import signals  # noqa: F401, PLC0415 — models must be loaded first

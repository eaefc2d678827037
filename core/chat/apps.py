from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "core.chat"
    label = "chat"

    def ready(self) -> None:
        from core.chat import signals  # noqa: F401, PLC0415 — they register themselves

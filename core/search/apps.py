from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "core.search"
    label = "search"

    def ready(self) -> None:
        from core.search import checks  # noqa: F401, PLC0415 — they register themselves

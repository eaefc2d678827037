from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "tests.workers.probe"
    label = "probe"

    def ready(self) -> None:
        """Relays publish only what the catalogue knows."""
        from tests.workers.probe import probe  # noqa: F401

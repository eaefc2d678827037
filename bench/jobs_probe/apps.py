from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "bench.jobs_probe"

    def ready(self) -> None:
        """Relays publish only what the catalogue knows."""
        from bench.jobs_probe import probe  # noqa: F401, PLC0415 - needs the apps

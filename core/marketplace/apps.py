from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "core.marketplace"
    label = "marketplace"

"""The admin app with our site as its default, so that every app's registrations land there."""

from django.contrib.admin.apps import AdminConfig


class ProductAdminConfig(AdminConfig):
    default_site = "core.accounts.admin_site.ProductAdminSite"

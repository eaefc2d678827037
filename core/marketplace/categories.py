"""What administrators do to categories."""

from django.db import transaction

from core.jobs import marketplace as jobs
from core.marketplace.models import Category

_NAMES = ("name", "name_ar", "name_fr")


@transaction.atomic
def save_category(category: Category) -> None:
    """Create or change a category; once renamed, its services are found by the new names."""
    before = Category.objects.select_for_update().filter(id=category.id).first()
    category.save()
    if before and any(getattr(before, name) != getattr(category, name) for name in _NAMES):
        jobs.refresh_category(category_id=category.id)

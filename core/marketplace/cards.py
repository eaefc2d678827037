"""Services in lists, as JSON that PostgreSQL makes: docs/decisions/0030-lists-as-json.md.

The keys are those of web.marketplace.schemas.ServiceCard and OwnServiceCard; a test holds them to
these schemas. s is the service, u its owner.
"""

from core.accounts.cards import moment, user_brief

CATEGORIES = """(
    SELECT coalesce(json_agg(json_build_object('id', k.id, 'name', k.name) ORDER BY k.name), '[]')
    FROM marketplace_service_categories sk
    JOIN marketplace_category k ON k.id = sk.category_id
    WHERE sk.service_id = s.id)"""

_FIELDS = f"""
    'id', s.id,
    'user', {user_brief("u")},
    'service_type', s.service_type,
    'is_course', s.is_course,
    'title', s.title,
    'description', s.description,
    'categories', {CATEGORIES},
    'price', s.price::text,
    'location', s.location,
    'delivery_method', s.delivery_method,
    'is_featured', s.is_featured,
    'created_at', {moment("s.created_at")}
"""

CARD = f"json_build_object({_FIELDS})"

_OWN_CARD = f"""json_build_object({_FIELDS},
    'attachments_count', (SELECT count(*) FROM marketplace_serviceattachment a WHERE a.service_id = s.id)
)"""  # noqa: S608 — constants of this module

OWN_SERVICES = f"""
SELECT coalesce(json_agg({_OWN_CARD} ORDER BY s.created_at DESC, s.id DESC), '[]')::text
FROM marketplace_service s JOIN accounts_user u ON u.id = s.user_id
WHERE s.user_id = %s AND s.is_active
"""  # noqa: S608 — constants of this module

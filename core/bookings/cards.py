"""Bookings in the list, as JSON that PostgreSQL makes: docs/decisions/0030-lists-as-json.md.

The keys are those of web.bookings.schemas.BookingCard; a test holds them to it. b is the booking,
s its service, o the service's owner, c the client, a the accountant.
"""

from core.accounts.cards import moment, user_brief
from core.marketplace.cards import CATEGORIES

_CARD = f"""json_build_object(
    'booking_id', b.id,
    'service', json_build_object(
        'id', s.id,
        'user', {user_brief("o")},
        'service_type', s.service_type,
        'is_course', s.is_course,
        'title', s.title,
        'description', s.description,
        'categories', {CATEGORIES},
        'price', s.price::text,
        'estimated_duration', s.estimated_duration,
        'duration_unit', s.duration_unit,
        'delivery_method', s.delivery_method,
        'location', s.location,
        'is_active', s.is_active,
        'created_at', {moment("s.created_at")}),
    'client', {user_brief("c")},
    'accountant', {user_brief("a")},
    'status', b.status,
    'created_at', {moment("b.created_at")}
)"""


def bookings_where(condition: str) -> str:
    """The statement for one person's bookings, newest first; its parameter is the person."""
    return f"""
SELECT coalesce(json_agg({_CARD} ORDER BY b.created_at DESC, b.id DESC), '[]')::text
FROM bookings_booking b
JOIN marketplace_service s ON s.id = b.service_id
JOIN accounts_user o ON o.id = s.user_id
JOIN accounts_user c ON c.id = b.client_id
JOIN accounts_user a ON a.id = b.accountant_id
WHERE {condition}
"""  # noqa: S608 - of constants


OF_CLIENT = bookings_where("b.client_id = %s")
OF_ACADEMIC = bookings_where("b.client_id = %s AND s.is_course")
OF_ACCOUNTANT = bookings_where("b.accountant_id = %s")

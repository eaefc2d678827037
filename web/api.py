"""The REST API: its routers and its documentation."""

from web import errors
from web.accounts import account, codes, login, social
from web.bookings import decisions
from web.bookings import routes as bookings
from web.chat import members as chat_members
from web.chat import messages as chat_messages
from web.chat import rooms as chat_rooms
from web.marketplace import routes as marketplace
from web.notifications import routes as notifications
from web.openapi import Api
from web.profiles import routes as profiles
from web.throttle import PerAccount

api = Api(
    title="My Accountant",
    version="1",
    description="Clients find accountants, accountants offer services and courses, all chat.",
    docs_url=None,
    openapi_url="/openapi.json",
    throttle=[PerAccount("3000/minute", scope="account")],
)
errors.install(api)
for router in (login.auth, codes.auth, account.auth, social.auth):
    api.add_router("/auth/", router)
api.add_router("/api/", login.api_tokens)
api.add_router("/profiles/", profiles.router)
api.add_router("/services/", marketplace.router)
for router in (bookings.router, decisions.router):
    api.add_router("/bookings/", router)
api.add_router("/chat/chatrooms/", chat_rooms.router)
for router in (chat_members.router, chat_messages.router):
    api.add_router("/chat/", router)
api.add_router("/notifications/", notifications.router)

"""What the document says of each operation beside its route: section, heading, refusals of its own.

Sections and headings are those of the API's documentation. The statuses are the ones that don't follow
from the operation's shape; web/openapi.py adds those that do.
"""

from typing import NamedTuple


class Heading(NamedTuple):
    """An operation's place in the document; its id is made of the summary."""

    tag: str
    summary: str
    refusals: tuple[str, ...]

    @property
    def operation_id(self) -> str:
        return "".join(c if c.isalnum() else "_" for c in self.summary.lower()).replace("__", "_")


SECTIONS: dict[str, str] = {
    "User Registration": "An account is inactive until its email is verified.",
    "Email Verification": "Six digits by mail, good for ten minutes and for one use.",
    "User Login": "With email and password.",
    "Social Authentication": "With the access token that Google or Facebook gave to the app.",
    "Token Management": "Access tokens are short-lived, refresh tokens get new ones.",
    "Password Reset": "By a code that is mailed.",
    "Account": "One's own account, its sessions and its end.",
    "Profile Management": "Made on registration, in the shape of the role.",
    "Services Management": "Categories, one's own services, and those one may browse.",
    "Bookings Management": "A client or an academic books, an accountant proposes; the owner decides.",
    "Chat System": "Rooms, messages and files; what is live is in the AsyncAPI document.",
    "Notifications System": "What happened to one's bookings and in one's rooms.",
}

# A status may name the component it answers with.
_TABLE = """
User Registration
  POST    /auth/registration/                       Register New User

Email Verification
  POST    /auth/send-email-otp/                     Send Email OTP
  POST    /auth/verify-email-otp/                   Verify Email OTP

User Login
  POST    /auth/login/                              Log In

Social Authentication
  POST    /auth/google/                             Google Login
  POST    /auth/facebook/                           Facebook Login

Token Management
  POST    /api/token/                               Get Token Pair                    401:Problem
  POST    /api/token/refresh/                       Refresh Token                     401

Password Reset
  POST    /auth/password-reset/request/             Request Password Reset
  POST    /auth/password-reset/verify/              Verify Password Reset

Account
  POST    /auth/logout/                             Logout
  POST    /auth/password/change/                    Change Password
  GET     /auth/user/                               Get My Account
  PATCH   /auth/user/                               Update My Account
  PUT     /auth/user/                               Update My Account by PUT
  DELETE  /auth/user/                               Delete My Account                 403
  POST    /auth/send-deletion-otp/                  Send Deletion OTP                 403
  GET     /auth/sessions/                           List Sessions
  DELETE  /auth/sessions/{session_id}/              End Session

Profile Management
  GET     /profiles/me/                             Get My Profile                    404
  PATCH   /profiles/me/                             Update My Profile                 404
  PUT     /profiles/me/                             Update My Profile by PUT          404
  GET     /profiles/{user_id}/                      Get Profile

Services Management
  GET     /services/categories/                     Get Service Categories
  GET     /services/categories/{category_id}/       Get Category Details
  POST    /services/create/                         Create New Service                403
  GET     /services/my/                             Get My Services
  GET     /services/my/{service_id}/                Get Service Details
  PATCH   /services/{service_id}/update/            Update Service
  PUT     /services/{service_id}/update/            Update Service by PUT
  DELETE  /services/{service_id}/delete/            Delete Service
  GET     /services/browse/                         Browse Available Services         404
  GET     /services/browse/{service_id}/            View Service Details

Bookings Management
  POST    /bookings/create/                         Create Booking                    403 409
  GET     /bookings/                                Get My Bookings
  GET     /bookings/{booking_id}/                   Get Booking Details
  PATCH   /bookings/{booking_id}/update/            Update Booking                    403
  PUT     /bookings/{booking_id}/update/            Update Booking by PUT             403
  POST    /bookings/{booking_id}/accept/            Accept Booking
  POST    /bookings/{booking_id}/decline/           Decline Booking
  POST    /bookings/{booking_id}/withdraw/          Withdraw Booking                  400 403

Chat System
  GET     /chat/available_users/                    Available Users                   404
  GET     /chat/chatrooms/group/                    Group Chat Rooms
  POST    /chat/chatrooms/group/create/             Create Group Room                 403
  GET     /chat/chatrooms/{room_id}/                Get Room                          403
  PUT     /chat/chatrooms/{room_id}/                Update Room                       403
  DELETE  /chat/chatrooms/{room_id}/                Delete Room                       403
  GET     /chat/chatrooms/direct/me/                Direct Message Rooms
  POST    /chat/chatrooms/direct/                   Open Direct Room
  POST    /chat/chatrooms/group/{room_id}/add_member/  Add Member                     400:Refused 403
  DELETE  /chat/chatrooms/group/{room_id}/remove_member/{user_id}/  Remove Member     400:Problem 403
  GET     /chat/chatrooms/{room_id}/messages/       Get Messages                      403
  PUT     /chat/chatrooms/messages/{message_id}/update/     Update Message            403
  DELETE  /chat/chatrooms/messages/{message_id}/delete/     Delete Message            403
  POST    /chat/rooms/{room_id}/upload_file/        Upload File                       403
  GET     /chat/chatrooms/{room_id}/members/        Room Members                      403
  GET     /chat/rooms/{room_id}/members/count/      Count Room Members                403
  GET     /chat/unread-count/                       Get Unread Messages Count
  POST    /chat/rooms/{room_id}/mark-read/          Mark Room as Read                 403

Notifications System
  GET     /notifications/                           Get Notifications                 404
  GET     /notifications/list/                      Get Notifications List            404
  GET     /notifications/{notification_id}/         Get Notification Details
  GET     /notifications/unread-count/              Get Unread Count
  POST    /notifications/{notification_id}/mark-read/   Mark Notification as Read
  POST    /notifications/mark-all-read/             Mark All as Read
"""


def _read(table: str) -> dict[tuple[str, str], Heading]:
    found: dict[tuple[str, str], Heading] = {}
    tag = ""
    for line in table.splitlines():
        if not line.startswith("  "):
            tag = line.strip() or tag
            continue
        method, path, *words = line.split()
        refusals = tuple(word for word in words if word[0].isdigit())
        summary = " ".join(words[: len(words) - len(refusals)])
        found[method.lower(), path] = Heading(tag, summary, refusals)
    return found


HEADINGS = _read(_TABLE)
"""By method and path."""

"""When somebody proves an address, whoever claimed it without proof loses what they hold."""

from django.db.models.functions import Now

from core.accounts.actions.sessions import end_sessions
from core.accounts.models import AccountStatus, EndReason, OtpRequest, User


def take_back(user: User) -> None:
    """The account of a locked row goes to who proved its address just now: active and verified.

    Its password, sessions, sockets, codes and unproven links are void. Inside a transaction.
    """
    user.set_unusable_password()
    user.is_email_verified = True
    if user.account_status == AccountStatus.INACTIVE:
        user.account_status = AccountStatus.ACTIVE
    user.save(update_fields=["password", "is_email_verified", "account_status", "updated_at"])
    end_sessions(user=user, reason=EndReason.ACCOUNT)
    void_codes(user)
    drop_unproven_links(user)


def void_codes(user: User) -> None:
    """No code mailed so far works any more, whatever its purpose. Inside a transaction."""
    OtpRequest.objects.filter(user=user, consumed_at=None, voided_at=None).update(voided_at=Now())


def drop_unproven_links(user: User) -> None:
    """Forget the social logins that never proved the address. Inside a transaction."""
    user.social_identities.filter(proves_email=False).delete()

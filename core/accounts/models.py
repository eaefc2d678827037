"""Accounts, their sessions and the one-time codes that prove an address."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.accounts.emails import normalize_email


class UserType(models.TextChoices):
    CLIENT = "client"
    ACCOUNTANT = "accountant"
    ACADEMIC = "academic"
    ADMIN = "admin"


SELF_SERVICE_TYPES = (UserType.CLIENT, UserType.ACCOUNTANT, UserType.ACADEMIC)


class AccountStatus(models.TextChoices):
    INACTIVE = "inactive"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class UserManager(BaseUserManager["User"]):
    """Accounts by email, whatever its case."""

    def with_email(self, email: str) -> "User | None":
        """The account of an address, or None. A deleted account has none."""
        return self.alias(_email=Lower("email")).filter(_email=email.strip().lower(), deleted_at=None).first()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.alias(_email=Lower("email")).get(_email=(username or "").lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator, active at once; the only way to make one. ValidationError."""
        fields.setdefault("full_name", "Administrator")
        if self.with_email(email) is not None:
            raise ValidationError("A user with that email address already exists.")
        user = self.model(
            email=normalize_email(email),
            user_type=UserType.ADMIN,
            account_status=AccountStatus.ACTIVE,
            is_email_verified=True,
            is_superuser=True,
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with one role. email is unique without case; inactive until it is verified.

    login_epoch is raised when all sessions end: an admin's cookie of an earlier one is void.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=254)
    full_name = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    company_name = models.CharField(max_length=255, blank=True)
    job_title = models.CharField(max_length=255, blank=True)
    user_type = models.CharField(max_length=16, choices=UserType.choices)
    account_status = models.CharField(
        max_length=16, choices=AccountStatus.choices, default=AccountStatus.INACTIVE
    )
    is_email_verified = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="en", help_text="of the mails sent to it")
    login_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_without_case")]
        indexes = [models.Index(fields=["user_type", "account_status"])]

    def __str__(self) -> str:
        return self.full_name or str(self.id)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """May use the product; Django's admin asks it too."""
        return self.account_status == AccountStatus.ACTIVE

    def get_session_auth_hash(self) -> str:
        """What an admin's cookie must have been made for: this password, and this epoch."""
        logins = f"{self.login_epoch}:{self.password}"
        return salted_hmac("core.accounts.login", logins, algorithm="sha256").hexdigest()

    @property
    def is_staff(self) -> bool:
        """May enter the admin."""
        return self.user_type == UserType.ADMIN and self.is_active


def session_expiry() -> datetime:
    return timezone.now() + timedelta(seconds=settings.REFRESH_TOKEN_LIFETIME)


class EndReason(models.TextChoices):
    """Why a session ended. After any but a logout its access tokens are refused too."""

    LOGOUT = "logout"
    REVOKED = "revoked"
    REUSE = "reuse", "a rotated refresh token was used again"
    PASSWORD = "password", "the password was changed or reset"
    ACCOUNT = "account", "the account was suspended, deleted or taken over by its owner"


class Session(models.Model):
    """One login of one device: what its refresh tokens stand for. Ended once ended_at is set.

    With rotation on, refresh_jti is the only refresh token that works; rotations keeps those that
    were rotated away within the grace, each still answered with its own successor.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    refresh_jti = models.UUIDField(default=uuid4)
    rotations = models.JSONField(default=list)
    user_agent = models.CharField(max_length=255, blank=True)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(default=session_expiry)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user"], condition=models.Q(ended_at=None), name="session_live_of_user"),
            models.Index(fields=["expires_at"]),
        ]


class OtpPurpose(models.TextChoices):
    EMAIL_VERIFICATION = "email_verification"
    PASSWORD_RESET = "password_reset"  # noqa: S105 — a purpose
    ACCOUNT_DELETION = "account_deletion"


def otp_expiry() -> datetime:
    return timezone.now() + timedelta(seconds=settings.OTP_LIFETIME)


class OtpRequest(models.Model):
    """A request for a six-digit code. The code itself is derived from the id, never stored.

    Alive while consumed_at and voided_at are null, expires_at lies ahead and fewer than five
    wrong tries were made; at most one is alive for an account and purpose.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="otp_requests")
    purpose = models.CharField(max_length=32, choices=OtpPurpose.choices)
    language = models.CharField(max_length=8, default="en")
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    expires_at = models.DateTimeField(default=otp_expiry)
    consumed_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(consumed_at=None, voided_at=None),
                name="otp_one_alive",
            )
        ]
        indexes = [
            models.Index(fields=["user", "created_at"]),
            models.Index(fields=["expires_at"]),
        ]


class SocialProvider(models.TextChoices):
    GOOGLE = "google", "Google"
    FACEBOOK = "facebook", "Facebook"


class SocialIdentity(models.Model):
    """A person at an identity provider, who logs in as this account; key is the provider's subject.

    proves_email: the provider runs the mailbox, so the link is as good as a mailed code. Any other
    link goes as soon as somebody else proves the address (docs/decisions/0041).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="social_identities")
    provider = models.CharField(max_length=16, choices=SocialProvider.choices)
    subject = models.CharField(max_length=255)
    proves_email = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "social identities"
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="social_subject_once")]


class AttemptKind(models.TextChoices):
    OTP_SEND = "otp_send"
    OTP_WRONG = "otp_wrong"
    LOGIN_WRONG = "login_wrong"


class Attempt(models.Model):
    """One counted attempt; kept while a cap's window needs it. identity is a keyed hash of an email."""

    kind = models.CharField(max_length=16, choices=AttemptKind.choices)
    identity = models.CharField(max_length=320)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "identity", "at"]), models.Index(fields=["at"])]

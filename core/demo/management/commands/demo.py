"""`make demo`: a small believable data set, with the passwords to try it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.demo.actions import make_demo
from core.demo.queries import shown_password
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make the demo data set (local runs only); running it again doubles nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people, left_out = make_demo()
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{'email':<24}{'password':<22}{'role':<12}name")
        for user in people:
            password = shown_password(user)
            self.stdout.write(f"{user.email:<24}{password:<22}{user.user_type:<12}{user.full_name}")
        for what in left_out:
            self.stdout.write(f"left out: {what}")

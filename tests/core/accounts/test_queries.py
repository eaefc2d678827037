"""Who is behind many tokens at once: the same answers as one by one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts import tokens
from core.accounts.models import EndReason, User
from core.accounts.queries import user_behind, users_behind
from core.accounts.tokens import Claims
from core.errors import BadToken, InactiveAccount
from tests.cast import make_user, tokens_of

pytestmark = pytest.mark.django_db


def claims_of(user: User) -> Claims:
    return tokens.read_access_token(tokens_of(user).access)


def one_by_one(claims: Sequence[Claims]) -> list[Any]:
    answers: list[Any] = []
    for each in claims:
        try:
            answers.append(user_behind(each))
        except (BadToken, InactiveAccount) as error:
            answers.append(type(error))
    return answers


def comparable(answers: Sequence[Any]) -> list[Any]:
    return [answer if isinstance(answer, User) else type(answer) for answer in answers]


def test_same_answers_as_one_by_one(django_assert_num_queries: Any) -> None:
    cases: list[Claims] = []
    for status in ("active", "inactive", "suspended"):
        for reason in ("", *EndReason.values):
            user = make_user()
            claims = claims_of(user)
            user.sessions.update(end_reason=reason)
            User.objects.filter(id=user.id).update(account_status=status)
            cases.append(claims)
    erased = make_user()
    cases.append(claims_of(erased))
    User.objects.filter(id=erased.id).update(account_status="inactive", deleted_at=timezone.now())
    erased.sessions.update(end_reason=EndReason.LOGOUT)
    good = claims_of(make_user())
    cases += [good, good, replace(good, session_id=uuid4()), replace(good, user_id=erased.id)]
    with django_assert_num_queries(1):
        together = users_behind(cases)
    assert comparable(together) == one_by_one(cases)
    kinds = set(map(type, together))
    assert kinds == {User, BadToken, InactiveAccount}


def test_fields_are_whole() -> None:
    user = make_user(full_name="محاسب")
    [found] = users_behind([claims_of(user)])
    assert isinstance(found, User)
    assert (found.full_name, found.email) == ("محاسب", user.email)


def test_nobody() -> None:
    assert users_behind([]) == []

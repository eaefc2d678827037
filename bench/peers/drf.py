# mypy: ignore-errors
"""The same page by Django REST framework in the usual way, with the token checked as ours are."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.drf_settings"
application = get_wsgi_application()

from django.urls import path  # noqa: E402
from rest_framework import authentication, filters, generics, pagination, permissions, serializers  # noqa: E402

from core.accounts.models import Session, User  # noqa: E402
from core.accounts.tokens import read_access_token  # noqa: E402
from core.marketplace.models import Category, Service  # noqa: E402


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[User, None]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        claims = read_access_token(token)
        return Session.objects.select_related("user").get(id=claims.session_id).user, None


class UserSerializer(serializers.ModelSerializer[User]):
    pk = serializers.UUIDField(source="id")

    class Meta:
        model = User
        fields = ["pk", "email", "full_name", "user_type"]


class CategorySerializer(serializers.ModelSerializer[Category]):
    class Meta:
        model = Category
        fields = ["id", "name"]


class ServiceSerializer(serializers.ModelSerializer[Service]):
    user = UserSerializer()
    categories = CategorySerializer(many=True)

    class Meta:
        model = Service
        fields = [
            "id",
            "user",
            "service_type",
            "is_course",
            "title",
            "description",
            "categories",
            "price",
            "location",
            "delivery_method",
            "is_featured",
            "created_at",
        ]


class Pagination(pagination.PageNumberPagination):
    page_size = 20


class Browse(generics.ListAPIView[Service]):
    authentication_classes = [TokenAuthentication]
    permission_classes = [permissions.IsAuthenticated]
    serializer_class = ServiceSerializer
    pagination_class = Pagination
    filter_backends = [filters.OrderingFilter]
    ordering_fields = ["created_at", "price", "estimated_duration"]
    queryset = (
        Service.objects.filter(
            service_type="offered", is_course=False, is_active=True, user__account_status="active"
        )
        .select_related("user")
        .prefetch_related("categories")
        .order_by("-created_at", "-id")
    )


urlpatterns = [path("services/browse/", Browse.as_view())]

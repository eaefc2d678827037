"""Every path of the web process."""

from django.contrib import admin
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView
from ninja.openapi.docs import Redoc, Swagger
from ninja.openapi.views import openapi_json

from web import health
from web.api import api
from web.docs import sockets
from web.files import media
from web.live import views as live

urlpatterns = [
    path("", require_safe(RedirectView.as_view(url="/swagger/"))),
    path("swagger/", require_safe(Swagger({"persistAuthorization": True}).render_page), {"api": api}),
    path("redoc/", require_safe(Redoc().render_page), {"api": api}),
    path("openapi.json", require_safe(openapi_json), {"api": api}),
    path("asyncapi.json", sockets.document),
    path("asyncapi/", sockets.page),
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path("live/", live.page),
    path("live/people.json", live.people),
    path("media/<path:key>", media.serve),
    path("admin/operations/", RedirectView.as_view(pattern_name="admin:operations_sample_changelist")),
    path("admin/", admin.site.urls),
    path("", api.urls),
]

handler400 = "web.errors.bad_request"
handler403 = "web.errors.forbidden"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"

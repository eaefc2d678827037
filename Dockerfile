# syntax=docker/dockerfile:1
# One image for every process of the Procfile: docker run IMAGE web, docker run IMAGE worker, …

FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM caddy:2.11.7 AS caddy
# A copy without the file's capability, which no process may have here: exec of the original would be refused.
RUN cp /usr/bin/caddy /caddy

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner=app /var/lib/my-accountant
COPY --from=caddy /caddy /usr/local/bin/caddy
COPY --from=packages /opt/venv /opt/venv
COPY --chmod=755 deploy/run-process /usr/local/bin/run-process
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=settings.production \
    VAR_DIR=/var/lib/my-accountant \
    HEARTBEAT_FILE=/tmp/heartbeat \
    HOME=/tmp
WORKDIR /app
COPY . .
RUN python -m compileall -q . \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
       ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build/0 EMAIL_URL=smtp://build:25 \
       python manage.py collectstatic --noinput
USER app
EXPOSE 8000
ENTRYPOINT ["run-process"]

# The app and the worker: locked packages, no compiler, no development or embedded-database extras, not root.
FROM python:3.13-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /build
COPY pyproject.toml requirements.lock ./
RUN uv venv /opt/longtrace \
 && uv pip install --no-cache --python /opt/longtrace/bin/python -r pyproject.toml --extra s3 -c requirements.lock

FROM node:20-bookworm-slim AS phone
WORKDIR /build/miniapp_stub
COPY miniapp_stub/package.json miniapp_stub/package-lock.json miniapp_stub/.npmrc ./
RUN npm ci
COPY schemas/vocab ../schemas/vocab
COPY miniapp_stub ./
RUN NODE_ENV=production npm run build:h5

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin longtrace \
 && install -d -o 10001 -m 700 /srv/keys
COPY --from=build /opt/longtrace /opt/longtrace
WORKDIR /srv/longtrace
COPY wsgi.py pyproject.toml LICENSE ./
COPY backend backend
COPY schemas schemas
COPY scripts scripts
COPY --from=phone /build/miniapp_stub/dist/h5 miniapp_stub/dist/h5
RUN python -m compileall -q backend scripts wsgi.py
ENV PATH=/opt/longtrace/bin:$PATH PYTHONUNBUFFERED=1 WEB_WORKERS=2 WEB_THREADS=4
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# `exec`: granian gets the signals. The worker runs the same image with `python -m backend.worker`.
CMD ["sh", "-c", "exec granian --interface wsgi --host 0.0.0.0 --port 8000 --workers \"$WEB_WORKERS\" --blocking-threads \"$WEB_THREADS\" --backlog 2048 --no-ws --workers-kill-timeout 10 --respawn-failed-workers wsgi:app"]

"""The only file that knows every feature: registers their routes, wires who hears whose news, installs the gateways."""

import secrets as random
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import config, gateways, migrations, web
from backend.base import events, leases, store
from backend.domains.accounts import routes as accounts_routes
from backend.domains.accounts import service as accounts
from backend.domains.articles import routes as articles_routes
from backend.domains.articles import service as articles
from backend.domains.certificates import routes as certificates_routes
from backend.domains.certificates import service as certificates
from backend.domains.complaints import routes as complaints_routes
from backend.domains.complaints import service as complaints
from backend.domains.evidence import routes as evidence_routes
from backend.domains.evidence import service as evidence
from backend.domains.exchange import routes as exchange_routes
from backend.domains.exchange import service as exchange
from backend.domains.farming import routes as farming_routes
from backend.domains.farming import service as farming
from backend.domains.inbox import routes as inbox_routes
from backend.domains.inputs import routes as inputs_routes
from backend.domains.lots import routes as lots_routes
from backend.domains.lots import service as lots
from backend.domains.personal import routes as personal_routes
from backend.domains.producers import routes as producers_routes
from backend.domains.producers import service as producers
from backend.domains.signing import routes as signing_routes
from backend.domains.signing import service as signing
from backend.domains.testing import routes as testing_routes
from backend.domains.testing import service as testing
from backend.domains.tracing import routes as tracing_routes
from backend.domains.tracing import service as tracing
from backend.gateways import files, keys, national_platform, timestamps, wechat
from backend.gateways.secrets import Secrets
from backend.http import api, auth, docs, headers, health, limits, observe
from backend.web import media

VERSION = "1"
log = structlog.get_logger(__name__)
ROUTES = (
    accounts_routes,
    inbox_routes,
    signing_routes,
    evidence_routes,
    producers_routes,
    inputs_routes,
    farming_routes,
    lots_routes,
    testing_routes,
    certificates_routes,
    tracing_routes,
    articles_routes,
    complaints_routes,
    exchange_routes,
    personal_routes,
)


def create_app(settings: config.Settings | None = None, outside: gateways.Gateways | None = None) -> Flask:
    """The application on a connected, migrated database. `outside` replaces gateways where a test brings its own."""
    settings = settings or config.load()
    observe.configure(settings.log_format)
    store.connect(settings.mongodb_uri)
    outside = outside or connect_gateways(settings)
    gateways.install(outside)
    migrations.ensure_indexes()
    subscribe()
    return _flask(settings, outside)


def connect_gateways(settings: config.Settings) -> gateways.Gateways:
    """The real parts, as the settings say."""
    return gateways.Gateways(
        settings=settings,
        secrets=Secrets(settings.hash_secret),
        files=files.connect(settings, store.database()),
        wechat=wechat.connect(
            settings.wechat_appid,
            settings.wechat_secret,
            settings.wechat_base_url or None,
            wechat.MongoSessionStorage(store.collection("wechat_tokens")),
        ),
        keys=keys.connect(settings),
        national=national_platform.connect(settings),
        timestamps=timestamps.connect(settings),
    )


def subscribe() -> None:
    """Who hears whose news: `within` in the same transaction, `after` from the outbox."""
    events.within(signing.KeyRevoked, evidence.on_keys_revoked)
    events.within(farming.HarvestRecorded, lots.on_harvests)
    events.within(farming.HarvestAmended, lots.on_harvest_amended)
    events.within(farming.HarvestAmended, exchange.on_harvest_amended)
    events.within(certificates.CertificateIssued, tracing.on_issued)
    events.within(certificates.CertificateVoided, tracing.on_voided)
    events.within(lots.LotHeld, tracing.on_held)
    events.within(lots.LotReleased, tracing.on_held)
    for news in exchange.NEWS:
        events.within(news, exchange.on_news)
    events.after(articles.ReadingChanged, articles.on_reading_changed)
    events.after(testing.ResultRecorded, tracing.on_results)
    events.after(farming.RecordsChanged, tracing.on_records)
    events.after(farming.RecordsChanged, tracing.on_batches_written)
    events.after(lots.RecalledLotMade, tracing.on_recalled_lots)
    events.after(producers.ProducerRenamed, tracing.on_producers)
    events.after(producers.ProducerSuspended, tracing.on_producers)
    events.after(producers.ProducerReinstated, tracing.on_producers)


def _flask(settings: config.Settings, outside: gateways.Gateways) -> Flask:
    app = Flask("longtrace", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=settings.max_upload_bytes, MAX_FORM_MEMORY_SIZE=settings.max_body_bytes)
    app.config.update(MAX_FORM_PARTS=50, SECRET_KEY=random.token_bytes(32))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    observe.install(app, settings.metrics_token)
    headers.install(app)
    auth.install(app, accounts.actor_from_bearer)
    limits.install(app, settings, outside.secrets.keyed_hash)
    edge = api.install(app, VERSION)
    for feature in ROUTES:
        edge.register_blueprint(feature.blueprint)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(media.blueprint)
    health.install(app, _probes(settings))
    web.register(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _probes(settings: config.Settings) -> dict[str, health.Probe]:
    return {
        "database": _database_probe,
        "worker": lambda: _worker_probe(settings),
        "outbox": events.standing,
        "register": lambda: _register_probe(settings),
        "holidays": _holidays_probe,
        "national": exchange.national_standing,
        "timestamps": evidence.stamping,
    }


def _register_probe(settings: config.Settings) -> dict[str, Any]:
    """How long the oldest leaf has waited for its seal; told, but what is written is written."""
    waited = evidence.waiting()
    seconds = int(waited.total_seconds()) if waited else 0
    return {"unsealed_seconds": seconds, "late": seconds > settings.seal_lag_seconds}


def _holidays_probe() -> dict[str, Any]:
    """Years of holidays that are wanted and not there: told, but no reason to take the app out of service."""
    return {"missing": complaints.missing_holidays()}


def _database_probe() -> dict[str, Any]:
    """A find and not a ping: a stuck server may still answer pings."""
    leases.silence()
    return {}


def _worker_probe(settings: config.Settings) -> dict[str, Any]:
    silent = leases.silence()
    if silent is None:
        return {"ok": False, "silent": "never started"}
    alive = silent <= timedelta(seconds=settings.worker_lag_seconds)
    return {"ok": alive, "silent_seconds": int(silent.total_seconds())}

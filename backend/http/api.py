"""Our own Api and Blueprint over flask-smorest: one way to declare an endpoint, with its permission.

`@blp.post("/lots", needs="lot:write", takes=NewLot, gives=LotOut, status=201)` gives the view `(actor, data, **path)`.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

import flask_smorest
import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, make_response, request
from webargs.flaskparser import FlaskParser

from backend.base.errors import BadRequest, Problem
from backend.http import auth, errors, fields
from backend.http.auth import LOGGED_IN, PUBLIC
from backend.http.caching import expected_version, with_etag
from backend.http.limits import limiter
from backend.http.shapes import ErrorOut, FileOut, Limit, PageQuery, Schema, page_of

__all__ = ["LOGGED_IN", "PUBLIC", "Api", "Blueprint", "FileOut", "Limit", "PageQuery", "Schema", "fields", "page_of"]
View = Callable[..., Any]
MULTIPART = "multipart/form-data"


class Api(flask_smorest.Api):
    """flask-smorest's Api with our error shape."""

    ERROR_SCHEMA = ErrorOut

    def _register_error_handlers(self) -> None:
        app: Flask = self._app
        app.register_error_handler(Problem, errors.on_problem)
        super()._register_error_handlers()
        for failure in errors.DATABASE_FAILURES:
            app.register_error_handler(failure, errors.on_database_failure)

    def handle_http_exception(self, error: Any) -> Response:
        return errors.on_http_exception(error)


class Parser(FlaskParser):
    """JSON nested beyond reason is malformed, not a crash; a misspelt query parameter is told, not passed over."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}

    def load_json(self, req: Any, schema: ma.Schema) -> Any:
        try:
            return super().load_json(req, schema)
        except RecursionError as error:
            raise BadRequest("bad_request") from error


class Blueprint(flask_smorest.Blueprint):
    """A feature's routes under /api/v1. Every endpoint says what it `needs`; there is no way to leave it out."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, *, description: str) -> None:
        super().__init__(name, name, description=description, url_prefix="/api/v1")

    def get(self, rule: str, **how: Any) -> Callable[[View], View]:
        return self._endpoint("GET", rule, **how)

    def post(self, rule: str, **how: Any) -> Callable[[View], View]:
        return self._endpoint("POST", rule, **how)

    def patch(self, rule: str, **how: Any) -> Callable[[View], View]:
        return self._endpoint("PATCH", rule, **how)

    def delete(self, rule: str, **how: Any) -> Callable[[View], View]:
        return self._endpoint("DELETE", rule, **how)

    def _endpoint(
        self,
        method: str,
        rule: str,
        *,
        needs: str,
        takes: type[ma.Schema] | None = None,
        uploads: type[ma.Schema] | None = None,
        query: type[ma.Schema] | None = None,
        gives: type[ma.Schema] | ma.Schema | None = None,
        gives_file: str | None = None,
        status: int = 200,
        etag: bool = False,
        if_match: bool = False,
        limits: tuple[Limit, ...] = (),
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            handler = _called(view, etag=etag, if_match=if_match)
            handler = self._documented(handler, gives, gives_file, status)
            # The last decorator is called first: the view gets query, then body, then files.
            for schema, location in ((uploads, "files"), (takes, "form" if uploads else "json"), (query, "query")):
                if schema is not None:
                    kind = MULTIPART if location in ("form", "files") else None
                    handler = self.arguments(schema, location=location, **({"content_type": kind} if kind else {}))(
                        handler
                    )
            handler = _guarded(handler, needs)
            handler = self.doc(**_operation(needs, if_match))(handler)
            for limit in limits:
                handler = limiter.limit(limit.rate, key_func=limit.key)(handler)
            handler.needs = needs
            self.route(rule, methods=[method])(handler)
            return view

        return decorate

    def _prepare_arguments_doc(self, doc: Any, doc_info: Any, **how: Any) -> Any:
        """A multipart body holds both its fields and its files; flask-smorest documents only the first it meets."""
        parameters = doc_info.get("arguments", {}).get("parameters", [])
        bodies = [part for part in parameters if isinstance(part, dict) and part["in"] in ("form", "files")]
        if len(bodies) == 2:
            declared = [part["schema"]._declared_fields for part in bodies]
            name = "".join(part["schema"].__name__ for part in bodies)
            bodies[0]["schema"] = Schema.from_dict({**declared[0], **declared[1]}, name=name)
            parameters.remove(bodies[1])
        return super()._prepare_arguments_doc(doc, doc_info, **how)

    def _documented(self, handler: View, gives: Any, gives_file: str | None, status: int) -> View:
        if gives_file:
            shape = {"type": "object"} if gives_file.endswith("json") else {"type": "string", "format": "binary"}
            return self.response(status, schema=shape, content_type=gives_file)(handler)
        return self.response(status, gives)(handler)


def _called(view: View, *, etag: bool, if_match: bool) -> View:
    """Gives the view its actor (and the version the caller edits), and its answer the right envelope."""

    @wraps(view)
    def handler(*arguments: Any, **path: Any) -> Any:
        if if_match:
            path["expected_version"] = expected_version(request.headers.get("If-Match"))
        result = view(auth.actor(), *arguments, **path)
        if isinstance(result, FileOut):
            return _file(result)
        return (result, None, {"ETag": with_etag(result)}) if etag or if_match else result

    return handler


def _guarded(handler: View, needs: str) -> View:
    @wraps(handler)
    def guarded(*arguments: Any, **path: Any) -> Any:
        auth.require(needs)
        return handler(*arguments, **path)

    return guarded


def _file(result: FileOut) -> Response:
    packed = result.packed and request.accept_encodings["gzip"] > 0
    response = make_response(gzip.decompress(result.data) if result.packed and not packed else result.data)
    response.content_type = result.content_type
    response.headers["Content-Disposition"] = f'inline; filename="{result.filename}"'
    response.headers["Cache-Control"] = (
        f"private, max-age={result.cache_seconds}" if result.cache_seconds else "no-store"
    )
    if not result.etag:
        return response
    response.headers["Cache-Control"] = f"public, max-age={result.public_seconds}"
    if result.packed:
        response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.content_encoding = "gzip"
    response.set_etag(f"{result.etag}-gz" if packed else result.etag)  # two renditions, two strong tags
    return cast(Response, response.make_conditional(request))


def _operation(needs: str, if_match: bool) -> Mapping[str, Any]:
    operation: dict[str, Any] = {"x-needs": needs, "security": [] if needs == PUBLIC else [{"bearer": []}]}
    if if_match:
        header = {"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}}
        operation["parameters"] = [{**header, "description": 'The ETag that was read, e.g. "v3"'}]
    return operation


def install(app: Flask, version: str) -> Api:
    """The API of an app, its OpenAPI 3.1 at /api/openapi.json and its browsable form at /api/docs."""
    app.config.update(
        API_TITLE="LongTrace 陇溯",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "农产品质量安全追溯平台 · farming logs, certificates and public traces."},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
        },
    )
    return Api(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name)})


def _schema_name(schema: Any) -> str:
    resolved = schema if isinstance(schema, type) else type(schema)
    return resolved.__name__.removesuffix("Schema")

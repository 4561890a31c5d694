"""Beside the API: alive, ready, which version, and figures without any person's data."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from docgen import __version__
from docgen.errors import DocgenError, OutputError, Problem
from docgen.papers import library
from service import shapes
from service.openapi import Answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from service.openapi import Api
    from service.services import Services

_FIGURES_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_WHAT: Final = {
    "templates": "Thiếu biểu mẫu, hoặc biểu mẫu bị hỏng.",
    "data": "Không ghi được vào thư mục dữ liệu.",
    "queue": "Tiến trình trộn danh sách chưa chạy.",
}
"""What is said of each part without which requests fail; without PDF the rest works."""


def blueprint(services: Services, spec: Api) -> Blueprint:
    """`/healthz`, `/readyz`, `/version`."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    @spec.describe(Answers(200, shapes.Health))
    def healthz() -> Response:
        """Alive: the library is imported and requests are answered."""
        return jsonify({"status": "ok"})

    @health.get("/readyz")
    @spec.describe(Answers(200, shapes.Ready))
    def readyz() -> Response:
        """Whether all that requests need is there; 503 names the parts that are missing."""
        missing = set(_missing(services))
        if missing - {"pdf"}:
            raise OutputError(
                [Problem(code=f"not-ready-{part}", what=_WHAT[part]) for part in sorted(missing - {"pdf"})]
            )
        return jsonify(
            {"status": "ok", "parts": {**dict.fromkeys((*_WHAT, "pdf"), "ok"), **dict.fromkeys(missing, "missing")}}
        )

    @health.get("/version")
    @spec.describe(Answers(200, shapes.Version))
    def version() -> Response:
        """Which docgen this is."""
        return jsonify({"version": __version__})

    return health


def _missing(services: Services) -> Iterator[str]:
    """The parts that are not there."""
    try:
        library.catalogue()
    except (DocgenError, OSError):
        yield "templates"
    if not os.access(services.settings.data, os.W_OK | os.X_OK):
        yield "data"
    if not services.queue.has_consumer:
        yield "queue"
    if not services.pdf.is_available:
        yield "pdf"


def measure(app: Flask, services: Services) -> None:
    """Count requests and jobs, and tell the figures at `/metrics`; labels are routes and statuses, never values."""
    registry = CollectorRegistry()
    requests = Counter("docgen_requests_total", "Answers.", ["method", "route", "status"], registry=registry)
    seconds = Histogram("docgen_request_seconds", "Time from request to answer.", ["route"], registry=registry)
    jobs = Gauge("docgen_jobs_under_way", "Merges that wait or run.", registry=registry)
    jobs.set_function(lambda: float(len(services.jobs.under_way())))

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(answer: Response) -> Response:
        route = request.endpoint or "none"
        method = request.method if request.endpoint else "none"
        requests.labels(method, route, str(answer.status_code)).inc()
        if "began" in g:
            seconds.labels(route).observe(time.perf_counter() - g.began)
        return answer

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=_FIGURES_TYPE)

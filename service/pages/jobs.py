"""A merge that somebody has started: how far it is, its files, its end. Only its owner sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify, redirect, render_template, send_file, url_for

from service.errors import RefusedError
from service.job_folder import UNDER_WAY
from service.pages.answers import XLSX, owner

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Blueprint, Response
    from werkzeug.wrappers import Response as Answer

    from service.services import Services

_NAMES = {"zip": "ket-qua.zip", "errors": "loi.xlsx", "index": "danh-sach-van-ban.xlsx"}


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes."""
    jobs = services.jobs

    @pages.get("/danh-sach/<job>")
    def job(job: str) -> str:
        return render_template(
            "job.html",
            job=jobs.state(job, owner()),
            under_way=UNDER_WAY,
            has_index=jobs.index(job, owner()) is not None,
            retention=services.settings.retention,
        )

    @pages.get("/danh-sach/<job>/tien-do")
    def job_progress(job: str) -> Response:
        state = jobs.state(job, owner())
        shown = ("state", "rows_in", "settled", "total", "failed", "seconds", "rate", "seconds_left")
        return jsonify({name: getattr(state, name) for name in shown})

    @pages.get("/danh-sach/<job>/ket-qua.zip")
    def job_result(job: str) -> Response:
        return send_file(jobs.result(job, owner()), "application/zip", as_attachment=True, download_name=_NAMES["zip"])

    @pages.get("/danh-sach/<job>/loi.xlsx")
    def job_errors(job: str) -> Response:
        return _sheet(jobs.errors(job, owner()), _NAMES["errors"])

    @pages.get("/danh-sach/<job>/danh-sach-van-ban.xlsx")
    def job_index(job: str) -> Response:
        return _sheet(jobs.index(job, owner()), _NAMES["index"])

    @pages.post("/danh-sach/<job>/dung")
    def job_cancel(job: str) -> Answer:
        jobs.cancel(job, owner())
        return redirect(url_for("pages.job", job=job), 303)

    @pages.post("/danh-sach/<job>/xoa")
    def job_delete(job: str) -> Answer:
        jobs.delete(job, owner())
        return redirect(url_for("pages.lists_home", da_xoa="1"), 303)


def _sheet(place: Path | None, name: str) -> Response:
    if place is None:
        raise RefusedError(404, detail="Lần trộn này không có tệp đó.")
    return send_file(place, XLSX, as_attachment=True, download_name=name)

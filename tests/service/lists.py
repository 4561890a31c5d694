"""Lists of invented people as JSON, as large as a test needs them, and their merges without a server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from service.job_folder import JobFolder
from service.merger import work_off

if TYPE_CHECKING:
    from pathlib import Path

FAMILY, FORM = "kiem-diem-ca-nhan", "mau-2b-2025"
CANARY = "Hoàng Kim Tước Vàng"
"""A name that nobody else has: wherever it is found, it comes from a test."""


def people(count: int, *, name: str = "Người số") -> bytes:
    """So many people with a name of their own each."""
    rows = [
        {"Mã": f"M{number:05d}", "ho_ten": f"{name} {number:05d}", "chi_bo": f"Tổ {number % 3}", "nam": 2025}
        for number in range(count)
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def done(data: Path, job: str) -> None:
    """Do a job (an id, or the path that ends with it) as the consumer's process would."""
    work_off(JobFolder(data / "jobs" / job.rpartition("/")[2]), {})

"""One archive with docgen and everything it needs, to install on a machine without internet (`make bundle`).

    python -m deploy.bundle                                        for machines like this one
    python -m deploy.bundle --platform win_amd64 --python 3.12     for Windows with Python 3.12

The wheels of compiled libraries fit one kind of machine and one Python, so both are in the archive's name, and the
script that installs refuses another Python. pip holds every wheel against the sha256 in `requirements.txt`.
"""

from __future__ import annotations

import argparse
import email
import hashlib
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

HOME: Final = Path(__file__).parent
SOURCE: Final = HOME.parent
_LINUX: Final = ("cai-dat.sh",)
_WINDOWS: Final = ("cai-dat.cmd", "mo-docgen.cmd")
_WINDOWS_SAYS: Final = {"os_name": "nt", "platform_system": "Windows", "sys_platform": "win32"}


def main() -> None:
    """Reads the command line, prints the archive's path."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--platform", choices=["win_amd64"], help="another kind of machine than this one")
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    parser.add_argument("-o", "--output", type=Path, default=SOURCE / "dist")
    asked = parser.parse_args()
    print(bundle(asked.output, platform=asked.platform, python=asked.python))  # noqa: T201 - a command's answer


def bundle(output: Path, *, platform: str | None, python: str) -> Path:
    """Make the archive.

    Args:
        output: the folder in which it is to stand.
        platform: `win_amd64` as pip calls 64-bit Windows; None: like this machine.
        python: the version of Python there, such as `3.11`.

    Raises:
        subprocess.CalledProcessError: pip cannot get a wheel; it has said why.
    """
    kind = platform or sysconfig.get_platform().replace("-", "_").replace(".", "_")
    name = f"docgen-{version('docgen')}-{kind}-py{python.replace('.', '')}"
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        _collect(wheels, platform, python)
        (folder / "requirements.txt").write_text(_requirements(wheels), encoding="ascii")
        windows = kind.startswith("win")
        for script in _WINDOWS if windows else _LINUX:
            _write_script(folder / script, python)
        shutil.copy(SOURCE / "LICENSE", folder)
        shutil.copy(HOME / "DOC-TRUOC.txt", folder)
        return Path(shutil.make_archive(str(output / name), "zip" if windows else "gztar", scratch, name))


def _collect(wheels: Path, platform: str | None, python: str) -> None:
    """Our own wheel, and all that it needs, for the machine that is meant."""
    _pip("wheel", "--no-deps", "--wheel-dir", wheels, SOURCE)
    [own] = wheels.glob("docgen-*.whl")
    elsewhere = ["--platform", platform, "--python-version", python, "--implementation", "cp"] if platform else []
    wanted: list[object] = [own]
    while wanted:
        _pip("download", "--only-binary", ":all:", "--dest", wheels, *elsewhere, *wanted)
        wanted = [*sorted(_missing(wheels, {"python_version": python, **(_WINDOWS_SAYS if elsewhere else {})}))]


def _missing(wheels: Path, there: dict[str, str]) -> set[str]:
    """What the wheels need over there and is not among them: pip asks this machine which conditions hold."""
    have: set[str] = set()
    needed: dict[str, str] = {}
    for wheel in wheels.glob("*.whl"):
        name, _, _, _ = parse_wheel_filename(wheel.name)
        have.add(name)
        with zipfile.ZipFile(wheel) as opened:
            [metadata] = [each for each in opened.namelist() if each.endswith(".dist-info/METADATA")]
            told = email.message_from_bytes(opened.read(metadata))
        for line in told.get_all("Requires-Dist", []):
            each = Requirement(line)
            if each.marker is None or each.marker.evaluate({**there, "extra": ""}):
                needed[canonicalize_name(each.name)] = f"{each.name}{each.specifier}"
    return {wanted for name, wanted in needed.items() if name not in have}


def _pip(*words: object) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, words)]
    subprocess.run(command, check=True)  # noqa: S603 - our own words


def _requirements(wheels: Path) -> str:
    """Each wheel by name, version and sha256, as `pip install --require-hashes` wants them."""
    lines = []
    for wheel in sorted(wheels.iterdir()):
        name, number, _, _ = parse_wheel_filename(wheel.name)
        lines.append(f"{name}=={number} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return "".join(lines)


def _write_script(place: Path, python: str) -> None:
    major, minor = python.split(".")
    text = Template((HOME / place.name).read_text(encoding="utf-8")).safe_substitute(MAJOR=major, MINOR=minor)
    place.write_text(text, encoding="utf-8", newline="\r\n" if place.suffix == ".cmd" else "\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    main()

"""Run by the Python of an installed bundle, on a machine without network: serves, and asks itself for a document."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

BIN = Path(sys.executable).parent


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=5).close()
        sys.exit("there is a network")
    except OSError:
        tell("reached nothing outside")
    sample = subprocess.run([BIN / "docgen", "show", "mau-2b-2025", "--sample"], capture_output=True, check=True).stdout
    json.loads(sample)
    with subprocess.Popen([BIN / "docgen", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:[0-9]+", server.stdout.readline())
            assert found is not None
            with urllib.request.urlopen(f"{found[0]}/healthz", timeout=30) as health:
                tell(f"/healthz {health.status}")
            with urllib.request.urlopen(found[0], timeout=30) as home:
                parts = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)[^"]*)"', home.read().decode())
            assert parts
            for part in parts:
                with urllib.request.urlopen(found[0] + part, timeout=30) as loaded:
                    assert loaded.read(), part
            tell("home with styles and scripts")
            headers = {"Content-Type": "application/json"}
            asked = urllib.request.Request(f"{found[0]}/api/v1/forms/mau-2b-2025/documents", sample, headers)
            with urllib.request.urlopen(asked, timeout=60) as document:
                tell(f"document {document.read(2).decode()}")
        finally:
            server.terminate()


main()

#!/bin/sh
# Cài docgen từ bộ này, không cần mạng:  ./cai-dat.sh [THƯ_MỤC]   (mặc định: ~/docgen)
# Máy có nhiều bản Python thì:           PYTHON=python${MAJOR}.${MINOR} ./cai-dat.sh
set -eu
noi_cai=$(realpath -m "${1:-$HOME/docgen}")
cd "$(dirname "$0")"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (${MAJOR}, ${MINOR}))' || {
  echo "Bộ cài này dành cho Python ${MAJOR}.${MINOR}. Cài Python đó rồi chạy: PYTHON=python${MAJOR}.${MINOR} ./cai-dat.sh" >&2
  exit 1
}
"$python" -m venv "$noi_cai"
"$noi_cai/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes -r requirements.txt
echo "Đã cài xong. Mở trang làm việc: $noi_cai/bin/docgen serve --open"

#!/usr/bin/env bash
# Installs the tools that test/tools meets, in a folder that it prints; kept in a cache until their versions change. Wants
# Python 3.11 or newer.
set -euo pipefail
cd "$(dirname "$0")"

# openapi-typescript needs the programming interface of TypeScript 5, which 7 lacks: so it is no dependency of ours.
npm_tools=(openapi-typescript@7.13 openapi-fetch@0.17 typescript@5.9)

versions=$(cat requirements.txt install.sh | sha256sum | cut -c1-12)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/cyclic-metrics/tools-$versions
if [[ ! -e $folder/done ]]; then
  rm -rf "$folder"
  for python in python3.13 python3.12 python3.11 python3; do
    if "$python" -m venv "$folder" 2>/dev/null; then break; fi
  done
  "$folder/bin/pip" install --quiet --disable-pip-version-check uv >&2
  "$folder/bin/uv" pip install --quiet --python "$folder/bin/python" --requirement requirements.txt >&2
  npm install --prefix "$folder" --no-audit --no-fund --silent "${npm_tools[@]}" >&2
  touch "$folder/done"
fi
echo "$folder"

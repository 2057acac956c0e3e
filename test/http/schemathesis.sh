#!/usr/bin/env bash
# Schemathesis, with its checks, against the service that the build has made; the OpenAPI linter before it.
# usage: test/http/schemathesis.sh [cases per call; default 40: some 850 requests, half a minute; 600: more than 5,000]
set -euo pipefail
cd "$(dirname "$0")/../.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/cyclic-metrics
venv=$cache/schemathesis-4.32
if [[ ! -x $venv/bin/schemathesis ]]; then
  for python in python3.13 python3.12 python3.11 python3; do
    if "$python" -m venv "$venv" 2>/dev/null; then break; fi
  done
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.32.*'
fi

folder=$(mktemp -d)
chmod 755 "$folder"
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
url=http://127.0.0.1:$port
token=$(node -e 'console.log(require("crypto").randomBytes(32).toString("base64url"))')
hash=$(printf %s "$token" | sha256sum | cut -d' ' -f1)
unset DATABASE_URL REDIS_URL API_ACCESS

API_TOKENS=schemathesis:write:$hash PORT=$port DATA_DIR=$folder/data node .build/start.js >"$folder/log" 2>&1 &
service=$!
trap 'kill $service 2>/dev/null; wait $service; rm -rf "$folder"' EXIT
for _ in $(seq 120); do
  if curl -sf -o "$folder/openapi.json" "$url/openapi.json" && curl -sf -o /dev/null "$url/health"; then break; fi
  kill -0 $service || { cat "$folder/log"; exit 1; }
  sleep 0.5
done

npx --yes @redocly/cli@2.77 lint --extends recommended "$folder/openapi.json"
here=$PWD/test/http/schemathesis
cd "$folder" # it leaves its notes where it runs
SCHEMATHESIS_HOOKS=$here/hooks.py "$venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/openapi.json" \
  --max-examples "${1:-40}" --header "Authorization: Bearer $token" --request-timeout 10 \
  --continue-on-failure --no-color

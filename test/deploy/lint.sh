#!/usr/bin/env bash
# cfn-lint and checkov over the template of every configuration. Wants Python 3.10 to 3.13; the linters are kept in a
# cache folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Asked, not only found: a shim of pyenv is there for versions that are not.
suits='import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))'
for python in python3.12 "$HOME"/.pyenv/versions/3.12*/bin/python python3; do
  "$python" -c "$suits" 2>/dev/null && break
done
tools=${XDG_CACHE_HOME:-$HOME/.cache}/cyclic-metrics-lint
if [[ ! -x $tools/bin/checkov ]]; then
  "$python" -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check cfn-lint==1.58.0 checkov==3.3.30
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npx esbuild test/deploy/writeTemplates.ts --bundle --platform=node --packages=external --log-level=warning \
  --outfile="$folder/writeTemplates.js"
NODE_PATH=node_modules node "$folder/writeTemplates.js" "$folder"

# W3005: osls writes DependsOn where a reference would do.
"$tools/bin/cfn-lint" --ignore-checks W3005 -- "$folder"/*.template.json
echo 'cfn-lint: nothing found'

skip=(
  CKV_AWS_18  # deployment bucket without access log: only who may deploy reaches it
  CKV_AWS_21  # deployment bucket without versions: osls keeps the last five packages itself
  CKV_AWS_27  # a false alarm: the queues have SqsManagedSseEnabled, the check looks for a key of KMS
  CKV_AWS_115 # a concurrency limit per function takes from what all share; RUN_CONCURRENCY is there for runs
  CKV_AWS_116 # no dead letters for what API Gateway or a rate invokes: callers are told, the next time does it again
  CKV_AWS_117 # functions without stores stay outside the VPC, with STORES=url all do
  CKV_AWS_118 # enhanced monitoring costs, and Performance Insights may be turned on when it is needed
  CKV_AWS_173 # no secrets in the variables: ARNs, URLs without passwords, hashes
)
"$tools/bin/checkov" --directory "$folder" --framework cloudformation --quiet --compact --skip-download \
  --skip-check "$(IFS=,; echo "${skip[*]}")"
echo 'checkov: nothing found'

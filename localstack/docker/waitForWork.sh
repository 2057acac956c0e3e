#!/bin/bash
# Starts the Lambda runtime once the Runtime API is there: without it AWS's runtime client ends at once, with a stack
# trace, again and again.
until (exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API/://}") 2>/dev/null; do sleep 0.5; done
set -a && . /secrets/env && set +a
exec /lambda-entrypoint.sh "$@"

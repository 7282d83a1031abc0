# Run by main.tf: $0 is the tool that submits, "$@" its options and the program's.
set -euo pipefail
mkdir -p "$(dirname "$RECORD")"
id=$("$0" submit "$@")
"$0" status --cluster="$CLUSTER" "$id" | tee "$RECORD"

#!/bin/bash
# One step of the action: runs the program that $STENCIL_GUARD names, with the inputs as arguments.
set -euo pipefail

read -ra program <<<"$STENCIL_GUARD"
arguments=("$COMMAND")
[ -z "$STOREFRONT" ] || arguments+=(--storefront "$STOREFRONT")
while IFS= read -r line; do
    [ -z "$line" ] || arguments+=("$line")
done <<<"$ARGUMENTS"

case $COMMAND in
build) exec "${program[@]}" "${arguments[@]}" --bundle "$BUNDLE" -- "$THEME" ;;
check) exec "${program[@]}" "${arguments[@]}" --format sarif -- "$THEME" >"$SARIF" ;;
*) echo "::error::\`command\` is build or check, not \`$COMMAND\`" && exit 2 ;;
esac

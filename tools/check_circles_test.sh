#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_circles.sh must pass a tree without circles, and find one of includes and one of calls.
# usage: check_circles_test.sh
set -euo pipefail
check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/check_circles.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/src/rt" "$tree/objects/src/rt"

put() { printf '%s\n' "${@:2}" >"$tree/src/rt/$1"; }
compile() { "${CC:-cc}" -c -I "$tree/src" "$tree/src/rt/$1" -o "$tree/objects/src/rt/$1.o"; }
refuse() {
    local output
    if output=$("$check" "$tree" "$tree/objects") || [[ $output != *"$1"* ]]; then
        echo "not found: $2"
        exit 1
    fi
}

put one.h 'int one(void);'
put two.h '#include "rt/one.h"' 'int two(void);'
put one.c '#include "rt/one.h"' 'int one(void) { return 1; }'
put two.c '#include "rt/two.h"' 'int two(void) { return one(); }'
compile one.c
compile two.c
"$check" "$tree" "$tree/objects" || { echo "a tree without circles is refused"; exit 1; }

put one.c '#include "rt/two.h"' 'int one(void) { return two(); }'
compile one.c
refuse rt/one.c "two files that call each other"

put one.c 'int one(void) { return 1; }'
compile one.c
put one.h '#include "rt/two.h"'
refuse rt/one.h "two headers that include each other"

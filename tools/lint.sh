#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Style, static analysis, layer rules, exported symbols and headers, each said and run; exits 1 if one is not clean.
# usage: lint.sh BUILD_FOLDER   (configured, built, with compile_commands.json and libclfilter.so)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
failed=""
for tool in clang-format clang-tidy shellcheck; do
    command -v "$tool" >/dev/null || { echo "lint needs $tool"; exit 1; }
done

# step NAME COMMAND...
step() {
    local name=$1
    shift
    echo "-- $name"
    "$@" || failed+=" $name"
}

sources() { find src include tests examples bench "$@" 2>/dev/null | sort; }

licence_lines() {
    local file status=0
    for file in $(sources -name '*.[ch]') $(find cl -name '*.cl' -o -name '*.h'); do
        [ "$(head -n 1 "$file")" = "/* SPDX-License-Identifier: Apache-2.0 */" ] ||
            { echo "$file: the first line is not the licence's"; status=1; }
    done
    return $status
}

long_lines() {
    ! grep -rnE '^.{121,}$' --include='*.[ch]' --include='*.cl' --include='*.cmake' --include='*.sh' \
        --include=CMakeLists.txt src cl include tests examples tools cmake CMakeLists.txt dev
}

style() { sources -name '*.[ch]' | xargs clang-format --dry-run -Werror; }

# Every C file of ours that the build compiles, and the examples, which are a project of their own.
analyse() {
    local files
    files=$(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" |
        grep -v '/generated/' | sort -u)
    # How many warnings of system headers it kept to itself is not worth a line.
    {
        xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet --warnings-as-errors='*' <<<"$files" &&
            clang-tidy --quiet --warnings-as-errors='*' examples/*.c -- -std=c11 -D_POSIX_C_SOURCE=200809L -Iinclude
    } 2> >(grep -v ' warnings\? generated\.$' >&2)
}

scripts() { shellcheck -x -P tests/cli dev .ci/run tools/*.sh tests/install/*.sh tests/cli/*.sh; }

step licence-lines licence_lines
step line-length long_lines
step clang-format style
step static-analysis analyse
step shellcheck scripts
step layers tools/check_layers.sh
step symbols tools/check_symbols.sh "$build/libclfilter.so" include
step circles tools/check_circles.sh . "$build"
step headers tools/check_headers.sh include
[ -z "$failed" ] || { echo "not clean:$failed"; exit 1; }
echo "lint: clean"

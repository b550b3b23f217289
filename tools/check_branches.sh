#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every branch that the preprocessor chooses in the kernels is compiled in one configuration at least of those that
# their check lines name (cmake/check_kernel.cmake): prints the branches of cl/ that none of them takes, and exits 1 if
# there are any. Exits 77, which ctest takes for skipped, without clang.
# usage: check_branches.sh CLANG CMAKE SOURCE_ROOT
set -euo pipefail
clang=$1 cmake=$2 root=$(cd "$3" && pwd)
command -v "$clang" >/dev/null || { echo "no clang: skipped"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The lines that are left of a source, as "FILE:LINE"; -dD keeps the #defines, too.
lines_left() {
    "${@/-fsyntax-only/-E}" -dD | awk '/^# [0-9]+ "/ { line = $2; file = $3; gsub(/"/, "", file); next }
        file ~ /^\// && NF { print file ":" line }
        { line++ }'
}

for source in "$root"/cl/*/*.cl; do
    "$cmake" -DCLANG="$clang" -DSOURCE="$source" -DINCLUDE_DIR="$root/cl/inc" -DLIST_ONLY=1 \
        -P "$root/cmake/check_kernel.cmake" >"$work/commands"
    while IFS=$'\t' read -ra command; do
        lines_left "${command[@]}"
    done <"$work/commands"
done | sort -u >"$work/left"

# A branch is taken where a line of its own is left, not only one of a branch within it.
awk -v left="$work/left" '
    BEGIN { while ((getline where < left) > 0) taken[where] = 1 }
    function enter() { depth++; branch[depth] = ++branches; place[branches] = FILENAME ":" FNR ": " $0 }
    FNR == 1 { depth = 0; branch[0] = 0; continued = comment = 0 }
    !continued && !comment && /^[ \t]*#[ \t]*if/ { enter(); continued = /\\$/; next }
    !continued && !comment && /^[ \t]*#[ \t]*el/ { depth--; enter(); continued = /\\$/; next }
    !continued && !comment && /^[ \t]*#[ \t]*endif/ { depth--; next }
    {
        code = $0
        if (comment && !sub(/^.*\*\//, "", code)) next
        comment = 0
        gsub(/\/\*[^*]*\*\//, "", code)
        sub(/\/\/.*/, "", code)
        if (sub(/\/\*.*/, "", code)) comment = 1
        own = !continued && code ~ /[^ \t]/ && code !~ /^[ \t]*#[ \t]*(include|undef|pragma)/
        continued = /\\$/
        if (!own || depth == 0) next
        has[branch[depth]] = 1
        if ((FILENAME ":" FNR) in taken) seen[branch[depth]] = 1
    }
    END {
        for (i = 1; i <= branches; i++)
            if (has[i] && !seen[i]) { print place[i]; missing++ }
        if (missing) { print missing " branches of kernels are compiled in no configuration"; exit 1 }
        print branches " branches, all compiled"
    }' "$root"/cl/*/*.cl "$root"/cl/*/*.h

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_cases.sh PROGRAM COMPARE DATA WORK: runs every line of DATA/cases.txt, compares OUT with DATA/expected/GOLDEN.npy.
# A line is: golden, greatest difference allowed, element type of OUT, its extension, the program's arguments.
set -u
program=$1 compare=$2 data=$3 work=$4
total=0 failed=0
XDG_CACHE_HOME=$work # no wisdom of the user's
export XDG_CACHE_HOME
cd "$data" || exit 1
set -f
while read -r golden tolerance dtype extension arguments; do
    total=$((total + 1))
    out=$work/out.$extension
    rm -f "$out"
    # shellcheck disable=SC2086 # the arguments hold no spaces of their own
    "$program" $arguments -o "$out" 2>"$work/stderr"
    status=$?
    sed -i '/^[0-9]* warnings\{0,1\} generated\.$/d' "$work/stderr" # PoCL's compiler, of vectors wider than the CPU's
    if [ "$status" -eq 0 ] && [ ! -s "$work/stderr" ] &&
        "$compare" "$out" "expected/$golden.npy" "$tolerance" "$dtype" 2>>"$work/stderr"; then
        continue
    fi
    failed=$((failed + 1))
    echo "FAILED: clfilter $arguments -o out.$extension"
    cat "$work/stderr"
done <cases.txt
echo "$total cases, $failed failed"
[ "$total" -gt 0 ] && [ "$failed" -eq 0 ]

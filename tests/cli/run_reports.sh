#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_reports.sh PROGRAM COMPARE DATA WORK BROKEN: check, bench and cache.
set -u
program=$1 data=$3 work=$4 broken=$5
. "$(dirname "$0")/shell.sh"

# Conformance on this device, and on one that runs no kernel.
works check 'corr f32 20x31 k=3x3' 'take f32 6x7 axis=1 count=3' 'conv f32 20x31 k=3x3 solver=conv.direct'
says stdout '^operation +solver +lines +failed +error/bound +ms$'
says stdout '^corr +conv\.direct +1 +0 +0\.[0-9]+ +[0-9.]+$'
says stdout '^corr +conv\.general +1 +0 +0\.[0-9]+ +[0-9.]+$'
says stdout '^take +take\.each +1 +0 +0\.000 +[0-9.]+$'
says stdout '^3 lines, [0-9]+ runs, 0 failed$'
silent stderr
works check --filter 'smoothness f32' --quiet
silent stdout
total=$((total + 1))
LD_PRELOAD=$broken ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
    "$program" check 'corr f32 20x31 k=3x3 solver=conv.general' >"$work/stdout" 2>"$work/stderr"
status=$?
[ "$status" -eq 1 ] || complain "check on a broken device: exit $status"
says stdout '^FAIL conv.general: .*never written'
says stdout "^     clfilter check 'corr f32 20x31 k=3x3 solver=conv.general'"
says stdout '^1 lines, 1 runs, 1 failed$'
says stderr '^clfilter: check: 1 of 1 runs failed$'
refuses 2 "'blur' is not an operation" check 'blur f32 3x3'
refuses 2 'is not known here' check 'corr f32 9x9 k=3x3 colour=red'
refuses 2 "no line contains 'nothing'" check --filter nothing
refuses 2 'expected no lines' check --all 'corr f32 9x9 k=3x3'
refuses 1 '--device: ' check --device no-such-device

# Shares of the device's limits: a table, JSON, a picture.
works bench 'corr f32 64x64 k=3x3' 'take f32 60x70 axis=1 count=3' --plot shares.svg
says stdout '^limits  copy [0-9.]+ GB/s, multiply-add [0-9]+ GFLOP/s$'
says stdout '^problem +solver +ms +GB/s +copy +GFLOP/s +fma$'
says stdout '^corr f32 64x64 k=3x3 +conv\.[a-z]+ +[0-9.]+ +[0-9.]+ +[0-9]+% +[0-9.]+ +[0-9]+%$'
silent stderr
if ! grep -q '^<svg ' shares.svg || [ "$(tail -n 1 shares.svg)" != '</svg>' ]; then complain 'the picture is none'; fi
[ "$(grep -c '<rect' shares.svg)" -eq 5 ] || complain 'the picture has not two bars a problem'
works bench 'corr f32 64x64 k=3x3' --json
says stdout '"problem": "corr f32 64x64 k=3x3", "solver": "conv\.[a-z]+", "seconds": [0-9.e+-]+, "bytes_per_second": '
refuses 2 "'blur' is not an operation" bench 'blur f32 3x3'
refuses 2 "no line contains 'nothing'" bench --filter nothing
refuses 1 '--plot: no/such.svg: cannot be written' bench 'corr f32 64x64 k=3x3' --plot no/such.svg

# The cache of built programs: shown, cleared, refused where it is a link.
works cache && says stdout '^folder .*/cache/clfilter/programs$' && says stdout '^programs +0$'
mkdir -p cache/clfilter/programs && echo 12345 >cache/clfilter/programs/0123456789abcdef
echo mine >cache/clfilter/programs/notes
works cache --json && says stdout '/cache/clfilter/programs", "files": 1, "bytes": 6\}$'
works cache --clear && says stdout '^programs +0$'
[ "$(ls cache/clfilter/programs)" = notes ] || complain '--clear left an entry, or took what is none'
works cache --quiet && silent stdout
rm -r cache/clfilter/programs && mkdir elsewhere && ln -s ../../elsewhere cache/clfilter/programs
refuses 1 'is not a folder, or is a link to one' cache
refuses 1 '--clear: ' cache --clear
refuses 2 '--effort: not an option' cache --effort measure

if [ -e /dev/full ]; then
    total=$((total + 1))
    "$program" check 'take f32 6x7 axis=1 count=3' >/dev/full 2>"$work/stderr"
    status=$?
    if [ "$status" -ne 1 ] || ! grep -q '^clfilter: standard output: ' "$work/stderr"; then
        complain 'check >/dev/full'
    fi
fi

finish

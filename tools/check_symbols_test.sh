#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_symbols.sh passes a library that is as it should be, and refuses each thing that is not.
# usage: check_symbols_test.sh   (CC names the compiler)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/include/clfilter"
cat >"$work/include/clfilter/version.h" <<'WORDS'
#define CLF_VERSION_STRING "0.7.3"
CLF_API CLF_CHECKED clf_status
clf_one(int a,
        int b);
CLF_API const char *clf_two(void);
WORDS
echo 'CLFILTER_0.7 { global: clf_*; local: *; };' >"$work/own.map"
echo 'CLFILTER_0.7 { global: clf_*; stray; local: *; };' >"$work/stray.map"
echo 'CLFILTER_0.6 { global: clf_*; local: *; };' >"$work/other.map"

# try EXPECTED WORDS SONAME MAP SOURCE: 0 or 1 as the check must exit, and what it must say.
try() {
    local expected=$1 words=$2 soname=$3 map=$4 status=0 said
    ${CC:-cc} -shared -fPIC -Wl,-soname,"$soname" -Wl,--version-script="$work/$map" -x c - -o "$work/library.so" \
        -nostdlib <<<"$5"
    said=$(./check_symbols.sh "$work/library.so" "$work/include") || status=1
    [ $status = "$expected" ] && grep -q -- "$words" <<<"$said" && return 0
    printf 'expected %s and "%s" of %s, %s and {%s}; got %s: %s\n' \
        "$expected" "$words" "$soname" "$map" "$5" $status "$said"
    exit 1
}

both='int clf_one(int a, int b) { return a + b; } const char *clf_two(void) { return ""; }'
try 0 '' libclfilter.so.0.7 own.map "$both"
try 1 "wants libclfilter.so.0.7" libclfilter.so.0 own.map "$both"
try 1 '> clf_three@@CLFILTER_0.7' libclfilter.so.0.7 own.map "$both void clf_three(void) {}"
try 1 '> stray@@CLFILTER_0.7' libclfilter.so.0.7 stray.map "$both void stray(void) {}"
try 1 '< clf_two@@CLFILTER_0.7' libclfilter.so.0.7 own.map "${both%%const*}"
try 1 '> clf_one@@CLFILTER_0.6' libclfilter.so.0.7 other.map "$both"

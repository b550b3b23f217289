#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every symbol that a shared library exports begins with clf_; prints the others, and exits 1 if there are any.
# usage: check_symbols.sh LIBRARY.so
set -euo pipefail
symbols=$(nm -D --defined-only "$1" | awk '{ print $NF }')
grep -q '^clf_' <<<"$symbols" || { echo "$1 exports nothing that begins with clf_"; exit 1; }
# A library built with the address sanitizer also exports its markers of the same variables.
if strangers=$(grep -vE '^(__odr_asan[._])?clf_' <<<"$symbols"); then
    printf '%s exports what does not begin with clf_:\n%s\n' "$1" "$strangers"
    exit 1
fi

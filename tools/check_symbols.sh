#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A shared library exports exactly what the headers declare with CLF_API, each under the version that its SONAME names:
# libclfilter.so.0.1 exports clf_version@@CLFILTER_0.1. Prints what differs, and exits 1 if anything does.
# usage: check_symbols.sh LIBRARY.so INCLUDE_FOLDER
set -euo pipefail
library=$1 include=$2

header_version=$(sed -n 's/^#define CLF_VERSION_STRING "\(.*\)"$/\1/p' "$include/clfilter/version.h")
case $header_version in
0.*) abi=${header_version%.*} ;;
*) abi=${header_version%%.*} ;;
esac
soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]$/\1/p')
[ "$soname" = "libclfilter.so.$abi" ] ||
    { echo "the SONAME of $library is '$soname', version $header_version wants libclfilter.so.$abi"; exit 1; }

declared=$(cat "$include"/clfilter/*.h | tr '\n' ' ' | grep -oE 'CLF_API [^;(]*\(' |
    sed -nE "s/.*[ *](clf_[a-z0-9_]+)\($/\1@@CLFILTER_$abi/p" | LC_ALL=C sort)
[ -n "$declared" ] || { echo "$include declares nothing with CLF_API"; exit 1; }
exported=$(nm -D --defined-only --with-symbol-versions "$library" | awk '{ print $NF }' |
    grep -vx "CLFILTER_$abi\(@@CLFILTER_$abi\)\{0,1\}" | LC_ALL=C sort || true)
if ! difference=$(diff <(echo "$declared") <(echo "$exported")); then
    printf '%s: declared (<) and exported (>) differ:\n%s\n' "$library" "$(grep '^[<>]' <<<"$difference")"
    exit 1
fi

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every public header compiles by itself, as C11 and as C++17, without a warning.
# usage: check_headers.sh INCLUDE_FOLDER [COMPILER_OPTION...]   (CC and CXX name the compilers)
set -euo pipefail
folder=$1
shift
checked=0
for header in "$folder"/clfilter/*.h; do
    line="#include <clfilter/$(basename "$header")>"
    ${CC:-cc} -std=c11 -Wall -Wextra -pedantic -Werror -I"$folder" "$@" -fsyntax-only -x c - <<<"$line"
    ${CXX:-c++} -std=c++17 -Wall -Wextra -pedantic -Werror -I"$folder" "$@" -fsyntax-only -x c++ - <<<"$line"
    checked=$((checked + 1))
done
[ -e "$header" ] && echo "$checked headers compile as C11 and C++17"

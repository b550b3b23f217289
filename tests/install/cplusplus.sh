#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The umbrella header from C++17: compiles without a warning, links, runs.
# usage: cplusplus.sh STAGE LIBDIR SOURCE.cpp PROGRAM   (CXX and CFLAGS from the environment)
set -euo pipefail
stage=$1 libdir=$2 source=$3 program=$4
export PKG_CONFIG_PATH=$stage/$libdir/pkgconfig
# shellcheck disable=SC2046,SC2086 # words, as pkg-config means them
${CXX:-c++} ${CFLAGS:-} -std=c++17 -Wall -Wextra -pedantic -Werror $(pkg-config --cflags clfilter) "$source" \
    $(pkg-config --libs clfilter) -o "$program"
LD_LIBRARY_PATH=$stage/$libdir "$program"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# README.md's C example, taken out of the text as it stands: it is examples/quickstart.c word for word, compiles with
# the flags that pkg-config gives, links to the shared and to the static library, and prints what it says it prints.
# usage: readme.sh SOURCE_ROOT STAGE LIBDIR WORK_FOLDER   (CC and CFLAGS from the environment)
set -euo pipefail
root=$1 stage=$2 libdir=$3 work=$4
mkdir -p "$work"
awk '/^```c$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' "$root/README.md" >"$work/readme.c"
[ -s "$work/readme.c" ] || { echo "README.md holds no C example"; exit 1; }
diff "$work/readme.c" <(sed -n '/^#include/,$p' "$root/examples/quickstart.c")

export PKG_CONFIG_PATH=$stage/$libdir/pkgconfig
expected=$(sed -n 's|.*printf.*/\* \(.*\) \*/$|\1|p' "$work/readme.c")
[ -n "$expected" ] || { echo "the example does not say what it prints"; exit 1; }

# build_and_run NAME LINKER_WORDS...
build_and_run() {
    local name=$1 printed
    shift
    # shellcheck disable=SC2046,SC2086 # words, as pkg-config means them
    ${CC:-cc} ${CFLAGS:-} -std=c11 -Wall -Wextra -pedantic -Werror $(pkg-config --cflags clfilter) \
        "$work/readme.c" "$@" -o "$work/$name"
    printed=$(LD_LIBRARY_PATH=$stage/$libdir "$work/$name")
    [ "$printed" = "$expected" ] || { echo "$name printed '$printed', not '$expected'"; exit 1; }
}

# shellcheck disable=SC2046
build_and_run shared $(pkg-config --libs clfilter)
# shellcheck disable=SC2046
build_and_run static $(pkg-config --static --libs clfilter | sed 's/-lclfilter\b/-l:libclfilter.a/')

# Each really has the library that it is meant to have.
version=$(pkg-config --modversion clfilter)
readelf -d "$work/shared" | grep -qF "[libclfilter.so.${version%.*}]" || { echo "shared is not linked to it"; exit 1; }
! readelf -d "$work/static" | grep 'NEEDED.*libclfilter'

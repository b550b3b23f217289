#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Programs of the shared library build where clFFT and VkFFT cannot be had: in front of them lie headers and a library
# of the same names that no compiler and no linker takes. The static library still asks for clFFT where it was built
# with it, as it must, which also shows that what hides clFFT does hide it.
# usage: transforms_hidden.sh STAGE LIBDIR CONSUMER_FOLDER WORK_FOLDER clfft|none
# CMAKE, CC and CFLAGS come from the environment.
set -euo pipefail
stage=$1 libdir=$2 consumer=$3 work=$4 transforms=$5
rm -rf "$work"
mkdir -p "$work/hidden"
for header in clFFT.h vkFFT.h; do
    echo "#error $header is hidden" >"$work/hidden/$header"
done
echo "this is no library" | tee "$work/hidden/libclFFT.so" >"$work/hidden/libclFFT.a"

# build NAME LIBRARY: builds the consumer with the CMake package.
build() {
    "$CMAKE" -S "$consumer" -B "$work/$1" -DLIBRARY="$2" -DCMAKE_PREFIX_PATH="$stage" \
        -DCMAKE_C_FLAGS="${CFLAGS:-} -I$work/hidden" -DCMAKE_EXE_LINKER_FLAGS="-L$work/hidden" &&
        "$CMAKE" --build "$work/$1" && "$work/$1/consumer"
}

build shared clfilter::clfilter
case $transforms in
clfft)
    build static clfilter::clfilter_static >"$work/static.log" 2>&1 && { echo "clFFT is not hidden"; exit 1; }
    grep -q clFFT "$work/static.log" || { cat "$work/static.log"; exit 1; } ;;
none) build static clfilter::clfilter_static ;;
esac

# The same by pkg-config.
export PKG_CONFIG_PATH=$stage/$libdir/pkgconfig
! pkg-config --cflags --libs clfilter | grep -iE 'fft' || { echo "pkg-config names transforms"; exit 1; }
[ "$transforms" = none ] || pkg-config --static --libs clfilter | grep -q -- -lclFFT ||
    { echo "pkg-config --static leaves clFFT out"; exit 1; }
# shellcheck disable=SC2046,SC2086 # words, as pkg-config means them
${CC:-cc} ${CFLAGS:-} "-I$work/hidden" "-L$work/hidden" $(pkg-config --cflags clfilter) "$consumer/consumer.c" \
    $(pkg-config --libs clfilter) -o "$work/by_pkg_config"
LD_LIBRARY_PATH=$stage/$libdir "$work/by_pkg_config"

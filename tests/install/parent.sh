#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A project that adds clfilter as a folder: it configures, builds and runs its programs, and its installation holds
# those alone. Without any library of transforms, which is the other thing that nothing else builds.
# usage: parent.sh SOURCE_ROOT WORK_FOLDER   (CMAKE, CMAKE_GENERATOR and CC from the environment)
set -euo pipefail
root=$1 work=$2
rm -rf "$work/stage" "$work/build/CMakeCache.txt"
"$CMAKE" -S "$root/tests/install/parent" -B "$work/build" -DCLFILTER="$root" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG=-O0 -DCLF_CLFFT=OFF -DCLF_VKFFT=OFF
"$CMAKE" --build "$work/build" --parallel 2
"$work/build/consumer"
"$work/build/consumer_static"
"$CMAKE" --install "$work/build" --prefix "$work/stage"
installed=$(cd "$work/stage" && find . -type f)
[ "$installed" = ./bin/consumer ] || { printf 'the parent installs what is not its own:\n%s\n' "$installed"; exit 1; }

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The library, the program and the tests compile for 32-bit x86 without a warning, -Wconversion's of 64-bit counts that
# a 32-bit size_t cuts among them. Syntax alone: on x86-64 the system's headers serve both: nothing need be installed.
# Exits 77, which ctest takes for skipped, where no compiler here does that.
# usage: check_32bit.sh SOURCE_ROOT COMPILER_OPTION...   (CC names the compiler)
set -euo pipefail
root=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/gnu"
touch "$work/gnu/stubs-32.h" # the one header that comes with a 32-bit C library alone

[ "$(uname -m)" = x86_64 ] || { echo "no x86-64: skipped"; exit 77; }
for compiler in "${CC:-cc} -m32" "clang --target=i386-linux-gnu"; do
    # shellcheck disable=SC2206 # words
    command=($compiler -std=c11 -fsyntax-only -isystem "$work" -isystem "/usr/include/$(uname -m)-linux-gnu"
        -I"$root/include" -I"$root/src" -I"$root/src/cli" -I"$root" -I"$root/tests"
        -I"$root/tests/unit" -I"$root/tests/cli" -I"$root/tests/fault" -I"$root/tests/fake"
        -I"$root/tests/fuzz" -I"$root/tests/threads" "$@")
    "${command[@]}" -x c - <<<'#include <stdlib.h>' 2>/dev/null && break
    command=()
done
[ ${#command[@]} != 0 ] || { echo "no compiler for 32-bit x86: skipped"; exit 77; }

# A cast to long hides from the compiler what it cuts; process ids alone are printed by one.
if grep -rnE '\(long\)' "$root/src" --include='*.c' --include='*.h' | grep -v '(long)getpid()'; then
    echo "casts to long, which has 32 bits here"
    exit 1
fi

# fft_vkfft.c is made of a header that was written for other warnings.
find "$root/src" -name '*.c' ! -name fft_vkfft.c -print0 | xargs -0 -P 2 -n 16 "${command[@]}" -Werror
find "$root/tests" -name '*.c' -print0 | xargs -0 -P 2 -n 16 "${command[@]}" -D_GNU_SOURCE -Werror
echo "compiles for 32 bits with $compiler"

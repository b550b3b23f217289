#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The layer rules of CONTRIBUTING.md, read off the sources: prints each line that breaks one, and exits 1 if any does.
# usage: check_layers.sh [ROOT]
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"

found=0

# Reports the lines of stdin, if any, under the rule that they break.
broken() {
    local lines
    lines=$(cat)
    [ -n "$lines" ] || return 0
    printf '%s\n' "$lines" | sed "s|^|$1: |"
    found=1
}

# grep over those of the paths given that exist; none found is no failure.
search() {
    local pattern=$1 path paths=()
    shift
    for path in "$@"; do [ ! -e "$path" ] || paths+=("$path"); done
    [ ${#paths[@]} = 0 ] || grep -rnE --include='*.[ch]' --include='*.cl' --include='*.cmake' --include=CMakeLists.txt \
        "$pattern" "${paths[@]}" || true
}

# room ALLOWED...: files of src/room include "..." from the allowed rooms, and the allowed headers, only.
arrows() {
    local room=$1
    shift
    broken "src/$room may include $* only" < <(search '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "src/$room" |
        grep -vE "include[[:space:]]*\"($(tr ' ' '|' <<<"$*"))[/\"]")
}

# Files of an operation's folder that include those of another's.
operation_includes() {
    local folder
    for folder in src/ops/*/; do
        [ -d "$folder" ] || continue
        search '^[[:space:]]*#[[:space:]]*include[[:space:]]*"(src/|cl/)?ops/[a-z_]+/' "$folder" |
            grep -v "include[[:space:]]*\"${folder#src/}" || true
        search '^[[:space:]]*#[[:space:]]*include[[:space:]]*"cl/' "$folder" |
            grep -vE "include[[:space:]]*\"cl/(inc|$(basename "$folder"))/" || true
    done
}

# What src/cli shares with the library's inside: how numbers are read and written.
shared_with_cli="base/half.h base/locale.h base/number.h"

# Includes of src/cli with quotes that are neither files of its own, nor of src/check, nor shared.
cli_includes() {
    local line header
    while IFS= read -r line; do
        header=${line#*\"}
        header=${header%%\"*}
        case " $shared_with_cli " in *" $header "*) continue ;; esac
        [[ $header == check/* ]] || [ -e "src/cli/$header" ] || printf '%s\n' "$line"
    done < <(search '#[[:space:]]*include[[:space:]]*"' src/cli)
}

arrows base base
arrows rt base rt
arrows plan base rt plan
arrows choose base rt plan choose
# Streams gather rows by the borders that kernels have.
arrows stream base rt plan choose stream cl/inc/border.h
arrows fft base rt plan fft
# A solver shares the layout of its kernels' tables with them.
arrows ops base rt plan choose stream fft ops cl
# What the tests judge by knows the library as any user does, but for the words of lines, which it shares.
arrows check base check ops/keys.h 'ops/[a-z]+/[a-z]+.h'
broken "operations never include one another's headers" < <(operation_includes)
broken "src/cli includes <clfilter/...> and its own headers only" < <(
    cli_includes
    search '#[[:space:]]*include[[:space:]]*<(CL/|OpenCL/|(base|rt|plan|choose|stream|fft|ops)/)' src/cli)
# The tests' cases are a host with buffers of its own.
broken "only src/rt calls OpenCL" < <(
    search '\bcl[A-Z][A-Za-z0-9_]*[[:space:]]*\(' src | grep -vE '^src/(rt|check)/')
broken "only src/fft/fft_*.c includes an FFT library's header" < <(
    search '#[[:space:]]*include[[:space:]]*[<"]([a-z]+/)*(clFFT|vkFFT)\.h' src cl include |
        grep -vE '^src/fft/fft_[a-z0-9_]+\.c:')
broken "what a device is like is asked of its profile (src/rt/profile.h), not of its type" < <(
    search 'CL_DEVICE_TYPE|_is_(cpu|gpu)\b|info(\.|->)type\b' src/ops src/choose src/plan src/stream src/fft)
# Formats of real numbers, %% taken out, and what reads them.
number_texts='"[^"]*%[-+#0]*([0-9]+|\*)?(\.[0-9*]*)?[lL]?[aAeEfFgG]'
number_texts+='|\b(strto(f|d|ld)|ato(f|d)|[a-z]*scanf)[[:space:]]*\('
broken "real numbers are written and read by src/base/number.c only, whatever the host's locale" < <(
    search '%|strto|ato|scanf' src | sed 's/%%//g' | grep -E "$number_texts" | grep -v '^src/base/number\.c:')
broken "the host's locale is left alone: src/base/locale.c puts a thread into the C locale" < <(
    search '\b(localeconv|nl_langinfo|(set|new|use)locale|strerror)[[:space:]]*\(|<(ctype|x?locale|wctype)\.h>' src |
        grep -vE '^src/base/locale\.[ch]:|#define setlocale')
broken "a launch may come in parts along y and z: a kernel asks for global ids there, not for groups and sizes" < <(
    search 'get_(group_id|num_groups|global_size|global_offset)[[:space:]]*\([[:space:]]*[^0[:space:])]' cl)
broken "kernels multiply and add by MULTIPLY_ADD (cl/inc/multiply_add.h): fma() is slow where a device lacks it" < <(
    search '\bfma[[:space:]]*\(' cl | grep -v '^cl/inc/')
broken "NaN and Inf propagate: no option that assumes them away" < <(
    search 'cl-fast-relaxed-math|cl-finite-math-only|cl-unsafe-math' src cl include cmake CMakeLists.txt)
exit $found

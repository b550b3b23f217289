#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The layer rules of CONTRIBUTING.md, read off the sources: prints each line that breaks one, and exits 1 if any does.
# usage: check_layers.sh [ROOT]
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"

# Headers of src/ops that every operation may use; the others belong to the operation whose name they begin with.
shared_operation_headers="border line"

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

# Includes between operations.
operation_includes() {
    local file family line header
    for file in src/ops/*.[ch]; do
        [ -e "$file" ] || continue
        family=$(basename "$file")
        family=${family%%[_.]*}
        while IFS= read -r line; do
            header=${line#*\"ops/}
            header=${header%%.h*}
            case " $shared_operation_headers " in *" $header "*) continue ;; esac
            [ "${header%%_*}" = "$family" ] || printf '%s:%s\n' "$file" "$line"
        done < <(grep -nE '#[[:space:]]*include[[:space:]]*"ops/' "$file" || true)
    done
}

# What src/cli shares with the library's inside: the tests' conformance lines, and how numbers are read and written.
shared_with_cli="cases/conformance.h base/half.h base/locale.h base/number.h"

# Includes of src/cli with quotes that are neither files of its own nor shared.
cli_includes() {
    local line header
    while IFS= read -r line; do
        header=${line#*\"}
        header=${header%%\"*}
        case " $shared_with_cli " in *" $header "*) continue ;; esac
        [ -e "src/cli/$header" ] || printf '%s\n' "$line"
    done < <(search '#[[:space:]]*include[[:space:]]*"' src/cli)
}

arrows base base
arrows rt base rt
arrows fft base rt fft
# Streams gather rows by the borders that kernels have.
arrows plan base rt plan ../../cl/inc/border.h
# A solver shares the layout of its kernels' tables with them.
arrows ops base rt plan fft ops ../../cl/inc
broken "operations never include one another's headers" < <(operation_includes)
broken "src/cli includes <clfilter/...> and its own headers only" < <(
    cli_includes
    search '#[[:space:]]*include[[:space:]]*<(CL/|OpenCL/|(base|rt|plan|fft|ops)/)' src/cli)
broken "only src/rt calls OpenCL" < <(
    search '\bcl[A-Z][A-Za-z0-9_]*[[:space:]]*\(' src | grep -v '^src/rt/')
broken "only src/fft/fft_*.c includes an FFT library's header" < <(
    search '#[[:space:]]*include[[:space:]]*[<"]([a-z]+/)*(clFFT|vkFFT)\.h' src cl include |
        grep -vE '^src/fft/fft_[a-z0-9_]+\.c:')
# Formats of real numbers, %% taken out, and what reads them.
number_texts='"[^"]*%[-+#0]*([0-9]+|\*)?(\.[0-9*]*)?[lL]?[aAeEfFgG]|\b(strto(f|d|ld)|ato(f|d)|[a-z]*scanf)[[:space:]]*\('
broken "real numbers are written and read by src/base/number.c only, whatever the host's locale" < <(
    search '%|strto|ato|scanf' src | sed 's/%%//g' | grep -E "$number_texts" | grep -v '^src/base/number\.c:')
broken "the host's locale is left alone: src/base/locale.c puts a thread into the C locale" < <(
    search '\b(localeconv|nl_langinfo|setlocale|newlocale|uselocale|strerror)[[:space:]]*\(|<(ctype|x?locale|wctype)\.h>' \
        src | grep -vE '^src/base/locale\.[ch]:|#define setlocale')
broken "NaN and Inf propagate: no option that assumes them away" < <(
    search 'cl-fast-relaxed-math|cl-finite-math-only|cl-unsafe-math' src cl include cmake CMakeLists.txt)
exit $found

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No circle between the files of src: draws the arrows from their includes and, where object files are given, from the
# functions and tables of each other that they use, and prints every circle that tsort finds.
# usage: check_circles.sh [ROOT [OBJECTS]], OBJECTS being the folder with ROOT/src's object files
set -euo pipefail
root=${1:-$(dirname "${BASH_SOURCE[0]}")/..}
objects=${2:+$(cd "$2" && pwd)}

# "plan/view.c plan/copy.h" for each #include "..." by a file of src of another.
arrows_of_includes() {
    cd "$root/src"
    find . -name '*.[ch]' -print0 | xargs -0 grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' |
        sed -nE 's|^\./([^:]*):[^"]*"([^"]+)"$|\1 \2|p' | while read -r from to; do
        [ -e "$to" ] || to=$(dirname "$from")/$to # src/cli has its own folder as an include path
        [ ! -e "$to" ] || echo "$from $to"
    done
}

# The same for each symbol that an object file uses and another defines.
arrows_of_symbols() {
    [ -n "$objects" ] || return 0
    cd "$objects"
    find . -path '*/src/*' -name '*.c.o' | while read -r object; do
        local file
        file=$(sed -E 's|CMakeFiles/[^/]*/||; s|^.*/src/||; s|\.o$||' <<<"$object")
        [ -e "$root/src/$file" ] || continue # left by a source that is gone
        nm -g --no-sort "$object" |
            awk -v file="$file" 'NF == 2 { print "uses", file, $2 } NF == 3 { print "has", file, $3 }'
    done | awk '$1 == "has" { home[$3] = $2 } $1 == "uses" { from[++n] = $2; what[n] = $3 }
        END { for (i = 1; i <= n; i++) if (what[i] in home && home[what[i]] != from[i]) print from[i], home[what[i]] }'
}

root=$(cd "$root" && pwd)
arrows=$( (arrows_of_includes && arrows_of_symbols) | sort -u)
[ -n "$arrows" ] || { echo "no arrow was found below $root/src" >&2; exit 1; }
if ! circles=$(tsort <<<"$arrows" 2>&1 >/dev/null); then
    echo "files that lead back to themselves (tsort's words):"
    printf '%s\n' "$circles"
    exit 1
fi

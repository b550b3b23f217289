# SPDX-License-Identifier: Apache-2.0
# shell.sh: what the scripts that run the program share. Before it: $program, $data, $work, whose folder here/ it makes,
# fills with a few inputs and goes to. At the end: finish.
# shellcheck shell=sh disable=SC2154
total=0 failed=0

complain() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/    stdout: /' "$work/stdout"
    sed 's/^/    stderr: /' "$work/stderr"
}

run() {
    "$program" "$@" >"$work/stdout" 2>"$work/stderr"
    status=$?
    total=$((total + 1))
    sed -i '/^[0-9]* warnings\{0,1\} generated\.$/d' "$work/stderr" # PoCL's compiler, of a library's transforms
}

# refuses STATUS FRAGMENT ARGUMENT...: one line on stderr that begins with the program's name, nothing else, no OUT.
refuses() {
    wanted=$1 fragment=$2
    shift 2
    rm -f out.npy out.png out.tif
    run "$@"
    if [ "$status" -ne "$wanted" ]; then complain "$*: exit $status, expected $wanted"
    elif [ "$(wc -l <"$work/stderr")" -ne 1 ]; then complain "$*: more or less than one line"
    elif ! grep -q '^clfilter: ' "$work/stderr"; then complain "$*: the line lacks the program's name"
    elif ! grep -qF -e "$fragment" "$work/stderr"; then complain "$*: the line lacks '$fragment'"
    elif [ -s "$work/stdout" ]; then complain "$*: wrote to stdout"
    elif [ -e out.npy ] || [ -e out.png ] || [ -e out.tif ]; then complain "$*: wrote OUT"
    elif [ -n "$(find . -name '*.tmp')" ]; then complain "$*: left a temporary file"
    fi
}

# works ARGUMENT...: exit 0, and the file named after -o is new.
works() {
    out=
    previous=
    for word; do
        [ "$previous" != -o ] || out=$word
        previous=$word
    done
    touch -d '1 hour ago' before
    [ -z "$out" ] || [ ! -e "$out" ] || touch -d '2 hours ago' "$out"
    run "$@"
    if [ "$status" -ne 0 ]; then complain "$*: exit $status"
    elif [ -n "$out" ] && [ -z "$(find "$out" -newer before 2>/dev/null)" ]; then complain "$*: did not write $out"
    fi
}

# says FILE PATTERN: what the last run wrote to stdout or stderr has a line that matches.
says() {
    grep -Eq -e "$2" "$work/$1" || complain "$1 has no line like '$2'"
}

# silent FILE: the last run wrote nothing there.
silent() {
    [ ! -s "$work/$1" ] || complain "$1 should be empty"
}

rm -rf "$work/here"
mkdir -p "$work/here" && cd "$work/here" || exit 1
XDG_CACHE_HOME=$work/here/cache # no wisdom of the user's, and none left with him
export XDG_CACHE_HOME
mkdir -p "$XDG_CACHE_HOME"
for file in a.npy batch.npy half.npy line.npy k2x3x2.npy alpha.png image1u1.png image3u2.png; do
    cp "$data/$file" . || exit 1
done

finish() {
    echo "$total runs, $failed failed"
    [ "$failed" -eq 0 ]
}

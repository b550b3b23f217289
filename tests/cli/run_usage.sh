#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_usage.sh PROGRAM COMPARE DATA WORK BROKEN: exit status, messages and side effects of the program as a shell sees
# them.
set -u
program=$1 compare=$2 data=$3 work=$4 broken=$5
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

# What is printed on request.
works --help && says stdout '^usage: clfilter COMMAND' && silent stderr
works --version && says stdout '^clfilter [0-9]+\.[0-9]+\.[0-9]+$'
for command in check bench lines tune cache devices convolve correlate gradient edges smoothness match; do
    works "$command" --help
    says stdout "^usage: clfilter $command"
    says stdout '^examples:'
    silent stderr
    works "$command" --version
done
works lines && says stdout '^box +the mean' && silent stderr
works lines gradient && says stdout '^  op=OP' && says stdout 'one of central, sobel'
works devices && says stdout '^index +type +name +platform +version +memory +f64$' && says stdout '^0 '
works devices --json && says stdout '"index": 0, "type": "(cpu|gpu|accelerator|custom)", "name": "'
works devices --quiet && silent stdout

# Mistakes in the command line: exit 2.
refuses 2 'a command is missing'
refuses 2 'blur: not a command' blur a.npy
refuses 2 "takes IN KERNEL" convolve a.npy -o out.npy
refuses 2 'one operand too many' gradient a.npy a.npy -o out.npy
refuses 2 '-o: missing' convolve a.npy 1,1
refuses 2 '-o: out.jpg: the name must end in' convolve a.npy 1,1 -o out.jpg
refuses 2 '--frobnicate: not an option' convolve a.npy 1,1 -o out.npy --frobnicate
refuses 2 '--border: a value is missing' convolve a.npy 1,1 -o out.npy --border
refuses 2 "--border: 'mirror' is not" convolve a.npy 1,1 -o out.npy --border mirror
refuses 2 '--border: 2 values for 1 filtered axis' convolve a.npy 1,1 -o out.npy --border reflect,reflect
refuses 2 '--border: 3 values for 2 filtered axes' gradient a.npy -o out.npy --border reflect,reflect,reflect
refuses 2 '--origin: 3 values for 2 filtered axes' correlate a.npy box:3 -o out.npy --origin 0,0,0
refuses 2 '--origin: ' correlate a.npy box:3 -o out.npy --origin 2
refuses 2 '--origin: ' correlate a.npy box:3 -o out.npy --mode full --origin 1
refuses 2 "--cval: 'nan' is not" convolve a.npy 1,1 -o out.npy --cval nan
refuses 2 "--scale: 'nan' is not" gradient a.npy -o out.npy --scale nan
refuses 2 "--dtype: an input of f32 elements can give f32" convolve a.npy 1,1 -o out.npy --dtype u8
refuses 2 "--dtype: an input of f64 elements can give f64, not f32" convolve line.npy 1,1 -o out.npy --dtype f32
refuses 2 "kernel '1,2;3': row 2 has 1 number;" convolve a.npy '1,2;3' -o out.npy
refuses 2 "kernel 'gaussian:3,1': expected gaussian:SIGMA" convolve a.npy gaussian:3,1 -o out.npy
refuses 2 "kernel 'box:': expected box:N" convolve a.npy box: -o out.npy
refuses 2 "kernel 'nothing': expected" convolve a.npy nothing -o out.npy

# Failures of the work: exit 1, naming the file or the option.
refuses 1 'none.npy: No such file' convolve none.npy 1,1 -o out.npy
refuses 1 "clfilter: a file's name is empty" convolve '' 1,1 -o out.npy
refuses 1 'none.npy: No such file' convolve a.npy none.npy -o out.npy
refuses 1 'no/such/out.npy: cannot be written' convolve a.npy 1,1 -o no/such/out.npy
head -c 100 a.npy >cut.npy
refuses 1 'cut.npy: truncated' convolve cut.npy 1,1 -o out.npy
refuses 1 'cut.npy: truncated' convolve a.npy cut.npy -o out.npy
head -c 60 alpha.png >cut.png
refuses 1 'cut.png: the PNG cannot be read' gradient cut.png -o out.png
refuses 1 'out.png: a PNG holds 8 or 16 bit' gradient alpha.png -o out.png --dtype f32
refuses 1 'out.png: a PNG holds 8 or 16 bit' convolve a.npy 1,1 -o out.png
refuses 1 'out.tif: a TIFF holds one image' convolve batch.npy 1,1 -o out.tif
refuses 1 'out.tif: a TIFF is written with u8, u16 or f32 elements, not f16' convolve half.npy 1,1 -o out.tif
refuses 1 "kernel 'k2x3x2.npy': has rank 3" convolve alpha.png k2x3x2.npy -o out.png
refuses 1 '--mode valid: ' convolve a.npy box:10 -o out.npy --mode valid
refuses 1 'line.npy: ' gradient line.npy -o out.npy
refuses 1 'line.npy: ' convolve line.npy box:3 -o out.npy
refuses 1 '--device: ' convolve a.npy 1,1 -o out.npy --device no-such-device
CLF_DEVICE=no-such-device refuses 1 '"no-such-device" in CLF_DEVICE; expected' convolve a.npy 1,1 -o out.npy
if [ -e /dev/full ]; then
    total=$((total + 1))
    "$program" devices >/dev/full 2>"$work/stderr"
    status=$?
    if [ "$status" -ne 1 ] || ! grep -q '^clfilter: standard output: ' "$work/stderr"; then
        complain 'devices >/dev/full'
    fi
    total=$((total + 1))
    "$program" check 'take f32 6x7 axis=1 count=3' >/dev/full 2>"$work/stderr"
    status=$?
    if [ "$status" -ne 1 ] || ! grep -q '^clfilter: standard output: ' "$work/stderr"; then
        complain 'check >/dev/full'
    fi
    refuses 1 '--plot: /dev/full: exists and is not a regular file' \
        bench 'take f32 6x7 axis=1 count=3' --plot /dev/full --quiet
fi

# No platform at all: the loader is shown an empty folder.
mkdir -p no-vendors
total=$((total + 2))
OCL_ICD_VENDORS=$work/here/no-vendors/ "$program" devices >"$work/stdout" 2>"$work/stderr"
status=$?
if [ "$status" -ne 1 ] || ! grep -q 'no OpenCL platform is installed; install' "$work/stderr"; then
    complain "devices without a platform: exit $status"
fi
OCL_ICD_VENDORS=$work/here/no-vendors/ "$program" gradient a.npy -o out.npy >"$work/stdout" 2>"$work/stderr"
status=$?
if [ "$status" -ne 1 ] || [ -e out.npy ] || ! grep -q 'no OpenCL platform is installed; install' "$work/stderr"; then
    complain "gradient without a platform: exit $status"
fi

# Selection, pseudo-inverses, translation.
for file in frames.npy index.npy jacobians.npy; do
    cp "$data/$file" . || exit 1
done
refuses 1 'indices[4] is 9; axis 2 has 9' take frames.npy 0,1,2,8,9 --axis 2 -o out.npy
refuses 2 '--axis: 4; frames.npy has axes -4 to 3' take frames.npy 0,1 --axis 4 -o out.npy
refuses 2 'expected whole numbers' take frames.npy 0,0.5 -o out.npy
# A mask selects as numpy's does; given as indices it is refused. u1 and bool, in files made by hand.
# npy FILE DESCR SHAPE BYTES: an .npy file; a header of 118 bytes.
npy() {
    printf '\223NUMPY\001\000v\000' >"$1"
    printf '%-117s\n' "{'descr': '$2', 'fortran_order': False, 'shape': $3, }" >>"$1"
    # shellcheck disable=SC2059 # escapes are wanted
    printf "$4" >>"$1"
}
npy mask.npy '|b1' '(9,)' '\000\001\000\000\001\000\000\000\001'
npy bytes.npy '|u1' '(9,)' '\000\377\000\000\001\000\000\000\002'
npy short.npy '|b1' '(3,)' '\000\001\001'
npy nothing.npy '|b1' '(9,)' '\000\000\000\000\000\000\000\000\000'
npy none.npy '<i8' '(0,)' ''
works take a.npy 1,4,8 --axis 0 -o picked.npy
for mask in mask bytes; do
    works take a.npy --mask $mask.npy --axis 0 -o out.npy
    "$compare" out.npy picked.npy 0 f32 || complain "--mask $mask.npy selects otherwise"
done
refuses 2 "indices 'mask.npy': its elements are bool, a mask; expected integers, or --mask" \
    take a.npy mask.npy --axis 0 -o out.npy
refuses 2 '--mask: short.npy: expected an .npy of bool' take a.npy --mask short.npy --axis 0 -o out.npy
refuses 2 '--mask: index.npy: expected an .npy of bool' take frames.npy --mask index.npy --axis 2 -o out.npy
refuses 2 'expected either INDICES or --mask' take a.npy -o out.npy
refuses 2 'expected either INDICES or --mask' take a.npy 0 --mask mask.npy -o out.npy
for none in "none.npy --axis 0" "--mask nothing.npy --axis 0"; do
    # shellcheck disable=SC2086 # words
    works take a.npy $none -o out.npy
    grep -aq "'<f4', 'fortran_order': False, 'shape': (0, 13,)" out.npy || complain "take $none: not of 0 x 13"
    [ "$(wc -c <out.npy)" -eq 128 ] || complain "take $none: wrote elements"
done
works take a.npy '' --axis 1 -o empty.npy
refuses 1 'none.npy: its array has an extent of 0' convolve a.npy none.npy -o out.npy
refuses 1 'out.png: only an .npy holds an array without elements' gradient empty.npy -o out.png
refuses 1 'axis 1 of the kernel has extent 0' match a.npy empty.npy
refuses 1 'empty.npy: has no elements' match empty.npy picked.npy
# An array without elements gives another, whole or in slabs.
for how in "" "--memory 1M"; do
    for what in "convolve empty.npy 1,2,1" "correlate empty.npy 1,2;3,4" "gradient empty.npy" \
        "shift empty.npy --by 1,2" "shift empty.npy --by 0.5,0 --method fourier" "take empty.npy 1,0 --axis 0" \
        "pinv empty.npy"; do
        # shellcheck disable=SC2086 # words
        works $what $how -o out.npy
        size=$(wc -c <out.npy)
        [ "$size" -eq 128 ] || complain "$what $how: wrote elements"
    done
done
run tune gradient empty.npy
says stdout '^nothing to save: the output has no elements$'
works edges empty.npy -o out.npy
works smoothness empty.npy empty.npy --reduction none -o out.npy
refuses 1 'axis 3 of image has extent 0; expected at least 1' smoothness empty.npy empty.npy
rm none.npy
refuses 2 '--index-mode' take frames.npy 0,1 --index-mode bounce -o out.npy
refuses 1 'is an image' take alpha.png 0,1 -o out.npy
refuses 2 '--axes' pinv frames.npy --axes 0,0 -o out.npy
refuses 2 '--rcond' pinv frames.npy --rcond -1 -o out.npy
refuses 1 'expected f32 or f64' pinv half.npy -o out.npy
refuses 2 '--by: missing' shift a.npy -o out.npy
refuses 2 "--by: '-1e19' is not numbers below 2^50" shift a.npy --by -1e19 -o out.npy
refuses 2 '--by: 3 values; a.npy has 2 axes' shift a.npy --by 1,2,3 -o out.npy
refuses 1 'expected a whole number, or method linear, cubic or fourier' shift a.npy --by 0.5 -o out.npy
refuses 2 "--method: 'spline' is not whole, linear, cubic or fourier" shift a.npy --by 0.5 --method spline -o out.npy
works shift a.npy --by -0.5,1 --method cubic -o out.npy --explain
says stderr '^plan: \(shift\.lines'

# What the common options print, and where.
works convolve a.npy -1,0,1 -o out.npy
silent stdout
silent stderr
cp out.npy plain.npy
works convolve -o out.npy --explain --time 3 -- a.npy -1,0,1
silent stdout
says stderr '^problem: conv f32 9x13 k='
says stderr '^plan: \(conv\.'
says stderr '^time: median [0-9.]+ ms of 3 runs, [0-9.e+-]+ GB/s$'
# The time and the rate are of the same bytes, which 9 x 13 floats twice are: 936, and some for what is rounded.
awk '/^time: median/ { bytes = $3 * $8 * 1e6; exit !(bytes > 468 && bytes < 1872) }' "$work/stderr" ||
    complain 'the time and the rate disagree'
"$compare" out.npy plain.npy 0 f32 || complain 'timing changed the result'
works gradient a.npy --time -o out.npy
says stderr '^time: median [0-9.]+ ms of 10 runs'
works gradient a.npy --time=1 -o out.npy --explain --quiet
silent stderr
works correlate --device 0 a.npy 1 -o out.npy
"$compare" out.npy a.npy 0 f32 || complain 'a kernel of one tap 1 changed the input'

# Derivatives, edges, the smoothness loss.
works gradient a.npy -o out.npy --operator gaussian:1 --output dx
works gradient batch.npy -o out.npy --operator scharr --axes 3 --output dz
works edges a.npy -o out.npy --sigma 1 --low 0.1 --high 0.3 --border constant
works edges alpha.png -o out.png
works smoothness a.npy a.npy
says stdout '^loss [0-9.e+-]+$'
works smoothness a.npy a.npy --order 2 --norm mean-abs --edge-weight 0 --grad-disparity out.npy --grad-image image.npy
works smoothness a.npy a.npy --reduction none -o out.npy
silent stdout
refuses 2 '-o: missing; with --reduction none it names the file for the map' smoothness a.npy a.npy --reduction none
refuses 2 '-o: only --reduction none has a map' smoothness a.npy a.npy -o out.npy
refuses 2 '--grad-image: g.png: the name must end in .npy' smoothness a.npy a.npy --grad-image g.png
refuses 1 'a.npy: disparity: axis ' smoothness a.npy batch.npy
refuses 1 'alpha.png: is an image file' smoothness alpha.png a.npy
refuses 1 'a.npy: clf_plan_gradient: src has rank 2' gradient a.npy -o out.npy --axes 3

# Matching: a piece cut out is found where it was, a shift is told.
works take a.npy 1,2,3 --axis 0 -o rows.npy
works take rows.npy 2,3,4,5 --axis 1 -o piece.npy
works match a.npy piece.npy --mode valid
says stdout '^best 1 2 score (1|1\.0000[0-9]*|0\.9999[0-9]*)$'
works match a.npy piece.npy --score correlation --solver direct --border periodic,constant -o out.npy
works shift a.npy --by 2,3 --border periodic -o moved.npy
works match moved.npy a.npy --score phase
says stdout '^best 2 3 score '
works match image1u1.png image1u1.png --score phase
says stdout '^best 0 0 score '
refuses 2 "--score: 'best' is not normalised, correlation or phase" match a.npy piece.npy --score best
refuses 2 '-o: out.png: the name must end in .npy' match a.npy piece.npy -o out.png
refuses 2 '--solver: phase correlation always uses fft' match a.npy a.npy --score phase --solver tile
refuses 1 'batch.npy: expected one plane' match a.npy batch.npy
refuses 1 'line.npy: has rank 1' match line.npy piece.npy
refuses 1 '--mode valid: ' match piece.npy a.npy --mode valid

# Effort and the user's wisdom: measured without a trace, tuned with one, read by every command.
works correlate a.npy '1,2,1;0,3,0;-1,-2,4' -o plain.npy --explain
says stderr '^wisdom: 0 entries$'
works correlate a.npy '1,2,1;0,3,0;-1,-2,4' -o out.npy --effort measure
silent stderr
"$compare" out.npy plain.npy 1e-4 f32 || complain 'a measured plan gives another result'
[ ! -e cache/clfilter/wisdom ] || complain '--effort measure wrote wisdom'
works tune correlate a.npy '1,2,1;0,3,0;-1,-2,4'
says stdout '^corr f32 9x13 k=3x3 border=reflect$'
says stdout '^estimated +conv\.[a-z]+ +0 +[0-9.]+$'
says stdout '^measured +conv\.[a-z]+ +[0-9]+ +[0-9.]+$'
says stdout '^saved to .*/cache/clfilter/wisdom$'
silent stderr
[ "$(wc -l <cache/clfilter/wisdom)" -eq 2 ] || complain 'the wisdom is not one entry'
works tune convolve a.npy '1,2,1;0,3,0;-1,-2,4' --quiet
silent stdout
[ "$(wc -l <cache/clfilter/wisdom)" -eq 3 ] || complain 'the second tuning lost the first'
works tune convolve a.npy '1,2,1;0,3,0;-1,-2,4' # again: the same entry
[ "$(wc -l <cache/clfilter/wisdom)" -eq 3 ] || complain 'tuning again is no new entry'
works tune convolve a.npy 1,2,1 --solver general
says stdout '^nothing to save: only conv.general can solve this; --effort exhaustive'
works correlate a.npy '1,2,1;0,3,0;-1,-2,4' -o out.npy --explain
says stderr '^wisdom: 2 entries$'
"$compare" out.npy plain.npy 1e-4 f32 || complain 'a plan by wisdom gives another result'
sed 's/^conv\.[a-z]* [0-9]* \(.*corr\)/conv.general 0 \1/' cache/clfilter/wisdom >changed
cat changed >cache/clfilter/wisdom
works correlate a.npy '1,2,1;0,3,0;-1,-2,4' -o out.npy --explain
says stderr '^plan: \(conv\.general '
echo rubbish >cache/clfilter/wisdom
works correlate a.npy 1 -o out.npy
silent stderr
works correlate a.npy 1 -o out.npy --explain
says stderr '^wisdom skipped: its first line'
rm cache/clfilter/wisdom
works tune 'corr f32 9x13 k=3x2' 'canny u8 9x13 sigma=1 low=10 high=20 border=constant'
says stdout '^problem +estimated +ms +measured +variant +ms +gain$'
says stdout '^corr f32 9x13 k=3x2 border=reflect +conv\.[a-z]+ +[0-9.]+ +conv\.[a-z]+ +[0-9]+ +[0-9.]+ +[0-9.]+$'
says stdout '^saved to .*/cache/clfilter/wisdom$'
silent stderr
[ "$(wc -l <cache/clfilter/wisdom)" -eq 2 ] ||
    complain 'a line with one solver of one variant was saved, or the other was not'
works tune 'take f32 9x13 axis=1 count=3' --export table.txt
says stdout '^nothing to save: |^1 entries written to table.txt$'
if [ -e table.txt ]; then
    grep -Eq '^class (cpu|gpu|other)\|.+\|.+$' table.txt || complain 'the exported table has no class'
    grep -Eq '^take\.[a-z]+ [0-9]+ take f32 9x13 axis=1' table.txt || complain 'the exported table has no entry'
fi
[ "$(wc -l <cache/clfilter/wisdom)" -eq 2 ] || complain '--export touched the wisdom'
refuses 2 "'blur' is not an operation" tune 'blur f32 3x3'
refuses 2 'neither convolve' tune blur
rm cache/clfilter/wisdom && mkdir cache/clfilter/wisdom
works correlate a.npy 1 -o out.npy --explain
says stderr '^wisdom: none: .*not a regular file'
refuses 1 'tune: ' tune correlate a.npy 1,2,1 --quiet
rmdir cache/clfilter/wisdom
refuses 2 'tune: a command is missing' tune
refuses 2 'cannot tune edges; expected' tune edges a.npy
refuses 2 'cannot tune tune; expected' tune tune
refuses 2 "takes IN KERNEL" tune convolve a.npy
refuses 2 "--effort: 'much' is not" correlate a.npy 1 -o out.npy --effort much
refuses 2 '--effort: not an option' edges a.npy -o out.npy --effort measure
refuses 1 'none.npy: No such file' tune gradient none.npy
works tune gradient --help && says stdout '^usage: clfilter gradient'

# Conformance on this device, and on one that runs no kernel.
works check 'corr f32 20x31 k=3x3' 'take f32 6x7 axis=1 count=3' 'conv f32 20x31 k=3x3 solver=conv.direct'
says stdout '^operation +solver +lines +failed +error/bound +ms$'
says stdout '^corr +conv\.direct +1 +0 +0\.[0-9]+ +[0-9.]+$'
says stdout '^corr +conv\.general +1 +0 +0\.[0-9]+ +[0-9.]+$'
says stdout '^take +take\.each +1 +0 +0\.000 +[0-9.]+$'
says stdout '^3 lines, [0-9]+ runs, 0 failed$'
silent stderr
works check --filter 'smoothness f32' --quiet
silent stdout
total=$((total + 1))
LD_PRELOAD=$broken ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
    "$program" check 'corr f32 20x31 k=3x3 solver=conv.general' >"$work/stdout" 2>"$work/stderr"
status=$?
[ "$status" -eq 1 ] || complain "check on a broken device: exit $status"
says stdout '^FAIL conv.general: .*never written'
says stdout "^     clfilter check 'corr f32 20x31 k=3x3 solver=conv.general'"
says stdout '^1 lines, 1 runs, 1 failed$'
says stderr '^clfilter: check: 1 of 1 runs failed$'
refuses 2 "'blur' is not an operation" check 'blur f32 3x3'
refuses 2 'is not known here' check 'corr f32 9x9 k=3x3 colour=red'
refuses 2 "no line contains 'nothing'" check --filter nothing
refuses 2 'expected no lines' check --all 'corr f32 9x9 k=3x3'
refuses 1 '--device: ' check --device no-such-device

# Shares of the device's limits: a table, JSON, a picture.
works bench 'corr f32 64x64 k=3x3' 'take f32 60x70 axis=1 count=3' --plot shares.svg
says stdout '^limits  copy [0-9.]+ GB/s, multiply-add [0-9]+ GFLOP/s$'
says stdout '^problem +solver +ms +GB/s +copy +GFLOP/s +fma$'
says stdout '^corr f32 64x64 k=3x3 +conv\.[a-z]+ +[0-9.]+ +[0-9.]+ +[0-9]+% +[0-9.]+ +[0-9]+%$'
silent stderr
if ! grep -q '^<svg ' shares.svg || [ "$(tail -n 1 shares.svg)" != '</svg>' ]; then complain 'the picture is none'; fi
[ "$(grep -c '<rect' shares.svg)" -eq 5 ] || complain 'the picture has not two bars a problem'
works bench 'corr f32 64x64 k=3x3' --json
says stdout '"problem": "corr f32 64x64 k=3x3", "solver": "conv\.[a-z]+", "seconds": [0-9.e+-]+, "bytes_per_second": '
refuses 2 "'blur' is not an operation" bench 'blur f32 3x3'
refuses 2 "no line contains 'nothing'" bench --filter nothing
refuses 1 '--plot: no/such.svg: cannot be written' bench 'corr f32 64x64 k=3x3' --plot no/such.svg

# The cache of built programs: shown, cleared, refused where it is a link.
works cache && says stdout '^folder .*/cache/clfilter/programs$' && says stdout '^programs +0$'
mkdir -p cache/clfilter/programs && echo 12345 >cache/clfilter/programs/0123456789abcdef
echo mine >cache/clfilter/programs/notes
works cache --json && says stdout '/cache/clfilter/programs", "files": 1, "bytes": 6\}$'
works cache --clear && says stdout '^programs +0$'
[ "$(ls cache/clfilter/programs)" = notes ] || complain '--clear left an entry, or took what is none'
works cache --quiet && silent stdout
rm -r cache/clfilter/programs && mkdir elsewhere && ln -s ../../elsewhere cache/clfilter/programs
refuses 1 'is not a folder, or is a link to one' cache
refuses 1 '--clear: ' cache --clear
refuses 2 '--effort: not an option' cache --effort measure

# IN may be OUT; a failure leaves an OUT that was there.
cp a.npy same.npy
works correlate same.npy 2 -o same.npy
works correlate same.npy 0.5 -o same.npy
"$compare" same.npy a.npy 0 f32 || complain 'filtering in place went wrong'
echo first >kept.npy
run convolve a.npy box:10 -o kept.npy --mode valid
if [ "$status" -ne 1 ] || [ "$(cat kept.npy)" != first ]; then
    complain 'a failure touched OUT'
fi

# One image through every format and back.
works correlate image3u2.png 1 -o one.tif
works correlate one.tif 1 -o two.png
works correlate two.png 1 -o three.npy
"$compare" two.png image3u2.png 0 u16 || complain 'PNG to TIFF to PNG changed the image'
"$compare" three.npy image3u2.png 0 u16 || complain 'PNG to .npy changed the image'

echo "$total runs, $failed failed"
[ "$failed" -eq 0 ]

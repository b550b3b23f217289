#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_usage.sh PROGRAM COMPARE DATA WORK: what the program prints and writes, as a shell sees it.
set -u
program=$1 compare=$2 data=$3 work=$4
. "$(dirname "$0")/shell.sh"

# What is printed on request.
works --help && says stdout '^usage: clfilter COMMAND' && silent stderr
works --version && says stdout '^clfilter [0-9]+\.[0-9]+\.[0-9]+$'
works -h && says stdout '^usage: clfilter COMMAND'
for command in check bench lines tune cache devices convolve correlate gradient edges smoothness match; do
    works help "$command"
    says stdout "^usage: clfilter $command"
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
refuses 2 'expected a whole number, or method linear, cubic or fourier' shift a.npy --by 0.5 -o out.npy
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
refuses 1 'alpha.png: is an image file' smoothness alpha.png a.npy
refuses 1 'a.npy: src has rank 2' gradient a.npy -o out.npy --axes 3

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

finish

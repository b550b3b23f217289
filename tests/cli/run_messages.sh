#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_messages.sh PROGRAM COMPARE DATA WORK: every kind of mistake, and the sentence it is answered with. PROGRAM may
# have no device that computes.
set -u
program=$1 data=$3 work=$4
unset CLF_DEVICE
. "$(dirname "$0")/shell.sh"
for file in k3x3.npy bank.npy u1.npy; do
    cp "$data/$file" . || exit 1
done

# Mistakes in the command line: exit 2.
refuses 2 'a command is missing'
refuses 2 "'blur': not a command" blur a.npy
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
    refuses 1 '--plot: /dev/full: exists and is not a regular file' \
        bench 'take f32 6x7 axis=1 count=3' --plot /dev/full --quiet
fi

# Words that are none, options without sense, options twice.
refuses 2 "'': not a command" ''
refuses 2 "'zz': not a command" help zz
refuses 2 "'': not an operation" lines ''
refuses 2 "tune: '' is neither" tune ''
refuses 2 'too short for one' convolve a.npy 1,1 -o out.npy --s 1
refuses 2 '-o: given twice' convolve a.npy 1,1 -o out.npy -o out.npy
refuses 2 '--border: given twice' gradient a.npy -o out.npy --border reflect --border periodic
refuses 2 '-o: tune writes no file' tune convolve a.npy 1,1 -o out.npy
refuses 2 "--cval: '1,5' is not a number" gradient a.npy -o out.npy --cval 1,5
refuses 2 '--dtype: an input of f32 elements can give f32, not f16' convolve a.npy 1,1 -o out.npy --dtype f16
refuses 2 '--dtype: an input of u8 elements can give u8 or f32, not i16' \
    convolve u1.npy 1,1 -o out.npy --dtype i16
refuses 2 '--memory: 1 is too little; expected at least ' convolve a.npy 1,1 -o out.npy --memory 1
refuses 2 "--memory: '1GB' is not a whole number of bytes" convolve a.npy 1,1 -o out.npy --memory 1GB
refuses 2 '65: one operand too many; '"'clfilter bench' takes at most 64 LINEs" bench $(seq 65)

# Files that are none, or not what their names say.
mkdir folder folder.npy
: >nothing.npy
echo hello >text.npy
echo hello >text.png
echo hello >text.tif
echo hello >text.txt
refuses 1 'folder: is a folder; expected a file' gradient folder -o out.npy
refuses 1 'folder.npy: is a folder; expected a file' convolve a.npy folder.npy -o out.npy
refuses 1 'folder.npy: exists and is not a regular file' gradient a.npy -o folder.npy
refuses 1 'nothing.npy: the file is empty' gradient nothing.npy -o out.npy
refuses 1 'text.npy: not an .npy file' gradient text.npy -o out.npy
refuses 1 'text.png: the PNG cannot be read: it does not begin as one' gradient text.png -o out.png
refuses 1 'text.tif: the TIFF cannot be read: it does not begin as one' gradient text.tif -o out.tif
refuses 1 'text.txt: neither .npy, PNG nor TIFF' gradient text.txt -o out.npy
refuses 2 '-o: -: the name must end in' gradient a.npy -o -

# Sentences are about options and files, not about the library's functions.
refuses 2 '--groups: groups is 2; expected' convolve a.npy 1,1 -o out.npy --groups 2
refuses 2 '--bias: a bias needs a bank of kernels' convolve a.npy 1,1 -o out.npy --bias line.npy
refuses 2 '--bias: the bias has rank 1 and extent 2; expected' correlate bank.npy bank.npy -o out.npy --bias 1,2
refuses 2 "--bias 'x': expected an .npy file" correlate bank.npy bank.npy -o out.npy --bias x
refuses 1 'a.npy: src has rank 2; 2 filtered axes and channels need at least 3' correlate a.npy bank.npy -o out.npy
refuses 1 'a.npy: a weight is 1e+40; expected at most' convolve a.npy 1e40 -o out.npy
refuses 1 '--mode valid: in valid mode the kernel spans' convolve a.npy 1,1 -o out.npy --mode valid --dilation 1000000
refuses 2 '--operator: sigma is 1e+09; expected' gradient a.npy -o out.npy --operator gaussian:1e9
refuses 2 '--output: dz needs --axes 3' gradient a.npy -o out.npy --output dz
refuses 2 '--axes: 3; alpha.png is an image, which has 2 axes' gradient alpha.png -o out.npy --axes 3
refuses 1 'line.npy: src has rank 1; expected at least 2' gradient line.npy -o out.npy
refuses 2 '--sigma: sigma is 200; expected' edges a.npy -o out.npy --sigma 200
refuses 2 '--low and --high: expected both or neither' edges a.npy -o out.npy --low 0
refuses 2 '--low and --high: expected both or neither' edges a.npy -o out.npy --high 1
refuses 2 '--low: 0.5 is greater than --high, 0.1' edges a.npy -o out.npy --low 0.5 --high 0.1
refuses 1 'batch.npy: has n x rows x columns of' smoothness a.npy batch.npy
refuses 1 'u1.npy: has n x rows x columns of 1 x 8 x 17; expected 1 x 9 x 13 as a.npy has' smoothness a.npy u1.npy
refuses 1 'u1.npy: disparity is u8; expected f32, f64 or f16' smoothness u1.npy u1.npy
refuses 2 '--grad-image: g.npy is the file of --grad-disparity too' \
    smoothness a.npy a.npy --grad-disparity g.npy --grad-image g.npy
refuses 1 'k3x3.npy: is 3 x 3; expected 9 x 13 as a.npy is' match a.npy k3x3.npy --score phase
refuses 2 '--mode: phase correlation is always' match a.npy a.npy --score phase --mode full
refuses 2 '--border: phase correlation is always periodic' match a.npy a.npy --score phase --border constant
refuses 1 'indices[0] is -10; axis 0 has 9; expected -9 to 8' take a.npy -10 -o out.npy
refuses 2 "--mask 'x': expected an .npy file" take a.npy --mask x -o out.npy
refuses 1 'line.npy: has rank 1; expected 2 or more' pinv line.npy -o out.npy
refuses 2 "--axes: '0,9' is not two whole numbers from -8 to 7" pinv batch.npy -o out.npy --axes 0,9
refuses 2 '--by: 2 values; line.npy has 1 axis' shift line.npy --by 1,1 -o out.npy
refuses 2 '--by: by[1] is 0.5; expected a whole number, or method' shift a.npy --by 0.5 -o out.npy
refuses 2 '--border: border[0] is constant; expected periodic' \
    shift a.npy --by 0.5,1 --method fourier --border constant -o out.npy
for command in bench tune check; do
    refuses 2 "'blur' is not an operation; 'clfilter lines' explains lines" $command 'blur f32 3x3'
    refuses 2 'k=' $command 'corr f32 9x9'
    # shellcheck disable=SC2097,SC2098 # what is named so is asked for
    CLF_DEVICE=zz refuses 1 'device: no OpenCL device matches "zz" in CLF_DEVICE; expected an index below' \
        $command 'corr f32 9x9 k=3x3'
done
refuses 1 '--device: the selector "0" names a device that is already in the list' gradient a.npy -o out.npy --device 0,0
refuses 1 '--device: no OpenCL device matches "9"' smoothness a.npy a.npy --device 9

# What is written after long measuring has a place, or is refused before.
refuses 1 '--export: no/such: cannot be written' tune 'corr f32 9x9 k=3x3' --export no/such
refuses 1 '--plot: folder: exists and is not a regular file' bench 'corr f32 9x9 k=3x3' --plot folder
cache=$XDG_CACHE_HOME home=${HOME:-}
unset XDG_CACHE_HOME HOME
refuses 1 'tune: neither XDG_CACHE_HOME nor HOME is set' tune gradient a.npy
refuses 1 'tune: neither XDG_CACHE_HOME nor HOME is set' tune 'corr f32 9x9 k=3x3'
refuses 1 'cache: neither XDG_CACHE_HOME nor HOME is set' cache
works gradient a.npy -o out.npy
XDG_CACHE_HOME=$cache HOME=$home
export XDG_CACHE_HOME HOME

finish

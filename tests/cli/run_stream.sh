#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_stream.sh PROGRAM COMPARE DATA WORK BROKEN INTERRUPT: files filtered in slabs are the files filtered whole; what
# goes wrong in the middle leaves nothing.
set -u
program=$1 data=$3 work=$4 interrupt=$6
total=0 failed=0

complain() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/    stderr: /' "$work/stderr"
}

# same EXTENSION BUDGET ARGUMENT...: with a budget of device memory the program writes the same bytes as without.
same() {
    extension=$1 budget=$2
    shift 2
    total=$((total + 1))
    rm -f "whole.$extension" "slabs.$extension"
    if ! "$program" "$@" -o "whole.$extension" 2>"$work/stderr"; then complain "$*: failed"
    elif ! "$program" "$@" -o "slabs.$extension" --memory "$budget" --explain 2>"$work/stderr"; then
        complain "$*: failed in slabs of $budget"
    elif ! grep -Eq '^plan: \(stream axis=[0-9] slabs=([2-9]|[1-9][0-9]+) ' "$work/stderr"; then
        complain "$*: there are no slabs in $budget"
    elif ! cmp -s "whole.$extension" "slabs.$extension"; then complain "$*: slabs of $budget give another file"
    fi
}

# refuses STATUS FRAGMENT ARGUMENT...: one sentence, and nothing is left.
refuses() {
    wanted=$1 fragment=$2
    shift 2
    total=$((total + 1))
    rm -f out.npy out.png out.tif
    "$program" "$@" 2>"$work/stderr"
    status=$?
    sed -i '/^[0-9]* warnings\{0,1\} generated\.$/d' "$work/stderr" # PoCL's compiler, of a library's transforms
    if [ "$status" -ne "$wanted" ]; then complain "$*: exit $status, expected $wanted"
    elif [ "$(wc -l <"$work/stderr")" -ne 1 ]; then complain "$*: more or less than one line"
    elif ! grep -qF -e "$fragment" "$work/stderr"; then complain "$*: the line lacks '$fragment'"
    elif [ -e out.npy ] || [ -e out.png ] || [ -e out.tif ]; then complain "$*: wrote OUT"
    elif [ -n "$(find . -name '*.tmp')" ]; then complain "$*: left a temporary file"
    fi
}

rm -rf "$work/here"
mkdir -p "$work/here" && cd "$work/here" || exit 1
XDG_CACHE_HOME=$work/here/cache
export XDG_CACHE_HOME
mkdir -p "$XDG_CACHE_HOME"
cp "$data"/*.npy "$data"/*.png . || exit 1
# Larger images, and a TIFF of each kind of image, from the program itself.
"$program" convolve a.npy box:49 --mode full --solver general -o large.npy || exit 1
"$program" convolve image3u2.png box:49 --mode full --solver general -o colour.tif || exit 1
"$program" convolve alpha.png box:49 --mode full --solver general -o alpha.tif || exit 1
"$program" convolve alpha.png box:49 --mode full --solver general -o large.png || exit 1
seven=0,1,2,3,4,5,6
many=$seven,$seven,$seven,$seven,$seven
"$program" take jacobians.npy "$many,$many,$many" --axis 2 -o stack.npy || exit 1

general='--solver general'
for border in reflect periodic symmetric replicate constant; do
    # shellcheck disable=SC2086 # two words
    same npy 6K correlate large.npy '1,2,1;0,3,-1;2,0,1;1,1,1' $general --border $border --cval 1.5
done
# shellcheck disable=SC2086
{
    same npy 8K convolve large.npy box:5 $general --mode full --stride 2,1
    same npy 8K convolve large.npy box:4 $general --mode valid --dilation 2
    same npy 4K correlate batch.npy box:3 $general
    same tif 8K correlate colour.tif box:3 $general --border periodic
    same npy 8K convolve colour.tif box:3 $general --dtype f32
    same tif 8K correlate alpha.tif box:3 $general --mode full
    same tif 8K correlate alpha.tif box:3 $general --mode full --alpha separate
    same tif 8K correlate alpha.tif sobel-x $general --mode full --stride 2
    same png 8K correlate large.png box:3 $general --stride 2
}
# Alpha moves with an image. Another border than the periodic one reads rows of a TIFF backwards.
for border in reflect periodic symmetric replicate constant; do
    same npy 6K shift large.npy --by -20,30 --border $border --cval 1.5
    same tif 8K shift alpha.tif --by 7,-5 --border $border --cval 300
done
same tif 8K shift colour.tif --by 3.5,0 --method linear
same npy 6K shift large.npy --by 4,0.3 --method cubic --border periodic
same png 8K shift large.png --by 40,0
same npy 6K take large.npy 3,-1,3,0 --axis 1
same npy 6K take large.npy 3,-1,3,0,7,8,9 --axis 0
same npy 4K take fortran.npy 1,0,0,4,2,3,3,1 --axis 3
same npy 4K pinv stack.npy --axes 0,1
same npy 4K pinv stack.npy --axes -2,0
same npy 8K gradient large.npy --output dx --operator sobel --border periodic
same tif 16K gradient alpha.tif --output squared --scale 0.05
same tif 16K gradient alpha.tif --output squared --scale 0.05 --alpha separate

# Thin images, one row or one column among them, and windows larger than what fits: slabs are columns or channels then.
# anyway EXTENSION BUDGET ARGUMENT...: as `same`, if the slab may be the whole.
anyway() {
    extension=$1 budget=$2
    shift 2
    total=$((total + 1))
    rm -f "whole.$extension" "slabs.$extension"
    if ! "$program" "$@" -o "whole.$extension" 2>"$work/stderr" ||
        ! "$program" "$@" -o "slabs.$extension" --memory "$budget" 2>"$work/stderr"; then
        complain "$*: failed in $budget"
    elif ! cmp -s "whole.$extension" "slabs.$extension"; then complain "$*: slabs of $budget give another file"
    fi
}
"$program" take large.npy 0 --axis 0 -o row.npy && "$program" take large.npy 0 --axis 1 -o column.npy || exit 1
"$program" take row.npy 0 --axis 1 -o pixel.npy || exit 1
"$program" take large.npy 0,1 --axis 0 -o rows.npy || exit 1
for name in row column pixel rows; do
    "$program" shift $name.npy --by 0,0 -o $name.tif || exit 1
    for budget in 2K 4K 16K 256K; do
        # shellcheck disable=SC2086
        anyway tif $budget correlate $name.tif box:3 $general --border periodic
    done
done
# shellcheck disable=SC2086
for budget in 24K 32K 64K; do
    anyway tif $budget correlate alpha.tif box:41 $general --alpha separate
    anyway tif $budget convolve colour.tif box:41 $general
done
# Colours that are filtered times alpha: 32-bit floats. A row of them goes in slabs of columns or channels.
"$program" correlate alpha.png box:1 --stride 99,1 -o thin.tif || exit 1
for budget in 2K 3K 4K; do
    # shellcheck disable=SC2086
    anyway tif $budget correlate thin.tif box:3 $general
done
# shellcheck disable=SC2086
for budget in 33K 40K 64K; do
    anyway tif $budget correlate alpha.tif box:41 $general
    anyway tif $budget correlate alpha.tif sobel-x $general --dilation 20
done

# --time: in slabs, files included, no longer than all took; its rate is of what is read and written.
total=$((total + 1))
begun=$(date +%s%N)
"$program" gradient large.npy -o out.npy --memory 8K --time 2>"$work/stderr" || complain '--time in slabs failed'
took=$((($(date +%s%N) - begun) / 1000))
bytes=$((2 * ($(wc -c <large.npy) - 128)))
awk -v took=$took -v bytes=$bytes '/^time: .* of 1 run, files included, / {
    timed = $2 > 0 && $2 * 1e3 <= took && $9 * $2 * 1e6 > bytes / 2 && $9 * $2 * 1e6 < bytes * 2 }
    END { exit !timed }' "$work/stderr" || complain "--time in slabs: $took us, $bytes bytes"
rm -f out.npy

refuses 2 "--memory: 'lots' is not" convolve a.npy box:3 -o out.npy --memory lots
refuses 2 "--memory: '0' is not" convolve a.npy box:3 -o out.npy --memory 0
refuses 2 "--memory: '1T' is not" convolve a.npy box:3 -o out.npy --memory 1T
refuses 2 '--memory: 100 is too little; expected at least' convolve a.npy box:3 -o out.npy --memory 100
refuses 2 '--memory: tune measures' tune convolve a.npy box:3 --memory 4K
refuses 1 'none.npy: No such file' convolve none.npy box:3 -o out.npy --memory 4K
refuses 1 'no/such/out.npy: cannot be written' convolve a.npy box:3 -o no/such/out.npy --memory 4K
refuses 1 'out.png: a PNG holds 8 or 16 bit' convolve a.npy box:3 -o out.png --memory 4K
head -c 9000 colour.tif >cut.tif
refuses 1 'cut.tif: ' convolve cut.tif box:3 -o out.tif --memory 8K
head -c 9000 large.npy >cut.npy
refuses 1 'cut.npy: truncated' convolve cut.npy box:3 -o out.npy --memory 8K
head -c 400 large.png >cut.png
refuses 1 'cut.png: the PNG cannot be read' convolve cut.png box:3 -o out.png --memory 8K
refuses 2 '--memory: ' gradient a.npy -o out.npy --memory 100
refuses 2 '--memory: ' shift a.npy --by 1,1 -o out.npy --memory 10
refuses 2 '--memory: ' take a.npy 1,2 -o out.npy --memory 10
refuses 2 '--memory: ' pinv jacobians.npy --axes 0,1 -o out.npy --memory 10

# A disk that is full when the output is half written. What the driver writes when it compiles is written before.
dilated='convolve large.npy box:9 --mode full --dilation 1,1500 --solver general'
# shellcheck disable=SC2086 # words
{
    same npy 800K $dilated
    same tif 800K $dilated
}
trap '' XFSZ
for extension in npy tif; do
    total=$((total + 1))
    rm -f out.$extension
    # shellcheck disable=SC2086,SC3045 # words; dash and bash have -f
    (ulimit -f 4000 && exec "$program" $dilated -o out.$extension --memory 800K) 2>"$work/stderr"
    status=$?
    if [ "$status" -ne 1 ] || ! grep -q "^clfilter: out.$extension: " "$work/stderr"; then
        complain "a full disk: $extension: exit $status"
    elif [ -e out.$extension ] || [ -n "$(find . -name '*.tmp')" ]; then complain "a full disk: left $extension"
    fi
done

# Ended in the middle: the temporary file goes.
"$program" convolve colour.tif box:199 --mode full --solver general --memory 600K -o out.npy 2>"$work/stderr" &
pid=$!
tries=0
while [ -z "$(find . -name '*.tmp')" ] && [ "$tries" -lt 100 ] && kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -TERM "$pid" 2>/dev/null
wait "$pid" 2>/dev/null
total=$((total + 1))
[ -z "$(find . -name '*.tmp')" ] || complain 'a signal in the middle: left a temporary file'

# By Ctrl-C, into a file that is there and stays as it is.
total=$((total + 1))
echo first >kept.npy
if ! "$interrupt" "$program" convolve colour.tif box:199 --mode full --solver general --memory 600K -o kept.npy \
    2>"$work/stderr"; then complain 'Ctrl-C'
elif [ "$(cat kept.npy)" != first ]; then complain 'Ctrl-C: OUT is changed'
fi

# In the background of a shell, where Ctrl-C is not for it.
total=$((total + 1))
if ! "$interrupt" --ignored "$program" convolve colour.tif box:49 --solver general --memory 600K -o kept.npy \
    2>"$work/stderr"; then complain 'Ctrl-C that is ignored'
elif [ "$(cat kept.npy)" = first ]; then complain 'Ctrl-C that is ignored: nothing is written'
fi

echo "$total checks, $failed failed"
[ "$failed" -eq 0 ]

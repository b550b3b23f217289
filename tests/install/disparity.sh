#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The descent on a noisy disparity map: it succeeds, writes both pictures, and E falls from step to step. On a
# photograph, and on a real stereo pair with its disparity where Debian's python3-skimage has put them.
# usage: disparity.sh PROGRAM PHOTO FOLDER EXAMPLES
set -eu
program=$1 photo=$2 folder=$3 examples=$4
pair=/usr/lib/python3/dist-packages/skimage/data

# descend PHOTO MAP
descend() {
    rm -f "$folder/disparity-noisy.png" "$folder/disparity-smooth.png"
    "$program" "$1" "$2" "$folder" >"$folder/disparity.txt"
    [ -s "$folder/disparity-noisy.png" ]
    [ -s "$folder/disparity-smooth.png" ]
    awk '/^step/ { if (steps++ && $4 >= last) { print "E rises: " $0; wrong = 1 } last = $4 }
        END { if (steps < 20) { print steps + 0 " steps taken, 20 expected"; wrong = 1 } exit wrong }' \
        "$folder/disparity.txt"
}

descend "$photo" -
if [ -r "$pair/motorcycle_left.png" ] && [ -r "$pair/motorcycle_disp.npz" ] &&
    /usr/bin/python3 -c "import numpy" 2>/dev/null; then
    /usr/bin/python3 "$examples/disparity_map.py" "$pair/motorcycle_disp.npz" "$folder/motorcycle.png"
    descend "$pair/motorcycle_left.png" "$folder/motorcycle.png"
fi

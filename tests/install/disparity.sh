#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The descent on a noisy disparity map: it succeeds, writes both pictures, and E falls from step to step.
# usage: disparity.sh PROGRAM PHOTO FOLDER
set -eu
program=$1 photo=$2 folder=$3
rm -f "$folder/disparity-noisy.png" "$folder/disparity-smooth.png"
"$program" "$photo" - "$folder" >"$folder/disparity.txt"
[ -s "$folder/disparity-noisy.png" ]
[ -s "$folder/disparity-smooth.png" ]
awk '/^step/ { if (steps++ && $4 >= last) { print "E rises: " $0; wrong = 1 } last = $4 }
    END { if (steps < 20) { print steps + 0 " steps taken, 20 expected"; wrong = 1 } exit wrong }' "$folder/disparity.txt"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_tune.sh PROGRAM COMPARE DATA WORK: effort, and the wisdom that tune keeps.
set -u
program=$1 compare=$2 data=$3 work=$4
. "$(dirname "$0")/shell.sh"

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

finish

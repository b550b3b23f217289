/* SPDX-License-Identifier: Apache-2.0 */
/* Case lines are problem lines with words of the tests' own, and are read by the library's reader of words. */
#ifndef CLF_CHECK_LINE_H
#define CLF_CHECK_LINE_H

#include "base/line.h"

#define LINE_LENGTH CLF_LINE_SIZE

/* The one mistake that is not the line's own. */
#define LINE_NO_MEMORY "the test has no memory"

typedef clf_line case_line;

#define line_split clf_line_split
#define line_fail clf_line_fail
#define line_word clf_line_word
#define line_drop_first clf_line_drop_first
#define line_value clf_line_value
#define line_list clf_line_list
#define line_numbers clf_line_numbers
#define line_integer clf_line_integer
#define line_real clf_line_real
#define line_choice clf_line_choice
#define line_find clf_line_find
#define line_end clf_line_end

#endif

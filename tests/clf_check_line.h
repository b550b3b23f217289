/* SPDX-License-Identifier: Apache-2.0 */
/* One case line, run with every solver that its operation has. */
#ifndef CLF_TESTS_CLF_CHECK_LINE_H
#define CLF_TESTS_CLF_CHECK_LINE_H

#include "check/case.h"
#include "clf_check_options.h"

enum { CHECK_SOLVERS = 16 };

/* What became of the lines of one operation or property. */
typedef struct check_tally {
    const char *name;
    size_t lines, failed;
    const char *solver[CHECK_SOLVERS];
    size_t applied[CHECK_SOLVERS];
    int solvers;
} check_tally;

/* Runs a line, prints it again if it fails, and counts it. */
void check_line_run(const test_fixture *fixture, const check_options *options, const char *text, check_tally *tally);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conformance: case lines judged against the references in double on any device, with every solver that takes them.
 * What `clfilter check` runs; it and the tests share lines, references and bounds.
 */
#ifndef CLF_CHECK_CONFORMANCE_H
#define CLF_CHECK_CONFORMANCE_H

#include <clfilter/clfilter.h>

/* One line with one solver. Borrowed until the function it is handed to returns. */
typedef struct conformance_result {
    const char *operation; /* first word of the line */
    const char *solver;
    const char *line;
    bool passed;
    double error;    /* greatest, as a part of what is allowed: 1 is the bound; NaN if it was not measured */
    double seconds;  /* one execution, not the first; NaN likewise */
    const char *why; /* what is wrong; empty if it passed */
} conformance_result;

typedef void (*conformance_report)(void *user, const conformance_result *result);

/* The lines that are run where none are named: every operation, every solver, few kernels; ended by NULL. */
extern const char *const conformance_lines[];

/* How a line was taken. */
typedef enum conformance_end { CONFORMANCE_RAN, CONFORMANCE_WRONG_LINE, CONFORMANCE_NO_MEMORY } conformance_end;

/*
 * Runs a line and reports once for each solver that takes it; where the device has no f64 and the line needs it, never.
 * `why` (of 768 characters) says why it did not run.
 */
conformance_end conformance_run(clf_context *context, const char *line, conformance_report report, void *user,
                                char *why);

/* Hands every line of the tests to `visit`, in order, as far as it returns true. False if memory ran out. */
bool conformance_every_line(bool (*visit)(void *user, const char *line), void *user);

#endif

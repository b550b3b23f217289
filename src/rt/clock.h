/* SPDX-License-Identifier: Apache-2.0 */
/* How long work on the queue took: by the device's own events where the queue profiles, else by the host's clock. */
#ifndef CLF_RT_CLOCK_H
#define CLF_RT_CLOCK_H

#include "rt/rt.h"

typedef struct clf_clock {
    clf_context *context;
    cl_event marker; /* NULL: the host's clock */
    double host;
} clf_clock;

/* Waits until the queue is idle and starts. */
clf_status clf_clock_begin(clf_context *context, clf_clock *clock, clf_error *error);

/*
 * Waits for `event`, the last of the work, and says how long it took. Takes the event, which may be NULL. `status` is
 * that of enqueueing the work: a failure is handed on.
 */
clf_status clf_clock_end(clf_clock *clock, cl_event event, clf_status status, double *seconds, clf_error *error);

/* The host's monotonic clock, seconds. */
double clf_clock_now(void);

#endif

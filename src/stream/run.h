/* SPDX-License-Identifier: Apache-2.0 */
/* Running a streamed plan. */
#ifndef CLF_STREAM_RUN_H
#define CLF_STREAM_RUN_H

#include "stream/parts.h"

/* Runs all slabs. */
clf_status clf_stream_run(clf_plan *plan, const clf_host_operands *host, clf_error *error);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The small lines of the tests that the library plans, all operations among them: what is done over and over. */
#ifndef CLF_TESTS_LINES_H
#define CLF_TESTS_LINES_H

#include "check/case.h"

/* Collects them. False, and a sentence on stderr, where one of the library's operations has none. */
bool lines_collect(clf_context *context, line_batch *lines);

#endif

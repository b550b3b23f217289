/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of cases shares: one context, opened once. */
#include "fixture.h"

#include <stdio.h>

/* The end of a long build log says what went wrong, so it is printed whole. */
static void print_log(void *user, clf_log_level level, const char *message) {
    (void)user;
    if (level >= CLF_LOG_WARNING) {
        (void)fprintf(stderr, "library: %s\n", message);
    }
}

bool fixture_open(test_fixture *fixture, int64_t guard) {
    clf_error error = {0};
    *fixture = (struct test_fixture){.guard = guard};
    if (clf_context_create(&(clf_context_desc){.log = print_log}, &fixture->context, &error) != CLF_OK) {
        (void)fprintf(stderr, "no device, so nothing can be tested: %s: %s\n", clf_status_name(error.code),
                      error.message);
        return false;
    }
    fixture->has_f64 = clf_context_device(fixture->context)->has_f64;
    return true;
}

void fixture_close(test_fixture *fixture) {
    clf_context_destroy(fixture->context);
    fixture->context = NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of cases shares: one context, opened once. */
#include "check/fixture.h"

#include "disguise.h"
#include "rt/rt.h"

#include <stdio.h>

/* The end of a long build log says what went wrong, so it is printed whole. */
static void print_log(void *user, clf_log_level level, const char *message) {
    (void)user;
    if (level >= CLF_LOG_WARNING) {
        (void)fprintf(stderr, "library: %s\n", message);
    }
}

bool fixture_open(test_fixture *fixture, size_t guard, bool as_gpu) {
    clf_error error = {0};
    clf_context_desc desc = {.log = print_log, .program_cache = CLF_PROGRAM_CACHE_OFF};
    disguise.as_gpu = as_gpu;
    *fixture = (struct test_fixture){.guard = guard, .as_gpu = as_gpu};
    if (clf_context_create(&desc, &fixture->context, &error) != CLF_OK) {
        (void)fprintf(stderr, "no device, so nothing can be tested: %s: %s\n", clf_status_name(error.code),
                      error.message);
        return false;
    }
    if (disguise.groups > 0) { /* which no device tells */
        fixture->context->profiles[0].most_groups = disguise.groups;
    }
    fixture->has_f64 = clf_context_device(fixture->context)->has_f64;
    return true;
}

void fixture_close(test_fixture *fixture) {
    clf_context_destroy(fixture->context);
    fixture->context = NULL;
}

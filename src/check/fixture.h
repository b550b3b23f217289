/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of cases shares: one context, opened once. */
#ifndef CLF_CHECK_FIXTURE_H
#define CLF_CHECK_FIXTURE_H

#include <clfilter/clfilter.h>

/* Length of the sentence in which a case says why it failed. */
#define WHY_LENGTH 768

/*
 * Bytes before and after every tensor that must keep their values. They are whole cache lines, so that a dense tensor
 * begins on one, as a buffer of clf_tensor_create does, and kernels store to it as they do there; and more than a
 * work-item stores at once.
 */
#define FIXTURE_GUARD 512

/* What is seen of a case beyond its outcome. */
typedef struct test_observation {
    double seconds; /* a second execution took; the first has what drivers compile late in it */
    double error;   /* the greatest, as a part of what is allowed; 0 if the answer must be exact and is */
} test_observation;

typedef struct test_fixture {
    clf_context *context;
    size_t guard; /* FIXTURE_GUARD, or 0 if a memory checker watches the ends of the buffers instead */
    bool has_f64;
    bool as_gpu;                /* the device reports itself as one */
    test_observation *observed; /* NULL: nobody asks */
} test_fixture;

/*
 * Opens the default device (CLF_DEVICE selects another). False, and a message on stderr, if there is none.
 * as_gpu: the device is made to report itself as a GPU, so that what the library does on one is tested anywhere; what
 * else it is to report stands in disguise.h.
 */
bool fixture_open(test_fixture *fixture, size_t guard, bool as_gpu);
void fixture_close(test_fixture *fixture);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One context shared by eight threads that plan, build, execute and destroy at once. */
#include "check/case.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 3 };

/* Every two threads want the same program, and all want some that none has built yet. */
static const char *const lines[THREADS] = {
    "conv f32 3x20x37 k=3x3 border=periodic",
    "corr f32 3x20x37 k=3x3 border=symmetric mode=full",
    "conv f32 40x50 k=2x3 border=constant cval=2",
    "corr f32 2x40x50 k=2x3 src_layout=interleaved",
    "conv u8 40x50 k=3x3 border=replicate",
    "corr u8 30x31 k=3x3 kernel=view",
    "gradient f32 3x28x28 op=sobel",
    "gradient f32 3x28x28 op=sobel border=periodic",
};

typedef struct shared_worker {
    pthread_t thread;
    const test_fixture *fixture;
    const char *line;
    bool good;
    char why[WHY_LENGTH];
} shared_worker;

static void *work(void *argument) {
    shared_worker *worker = argument;
    test_case test;
    worker->good = case_parse(worker->line, &test, worker->why) && case_fill(&test, worker->why);
    for (int round = 0; round < ROUNDS && worker->good; round++) {
        for (const char *const *solver = test.operation->solvers; *solver != NULL && worker->good; solver++) {
            worker->good = case_judge(worker->fixture, &test, *solver, worker->why) != OUTCOME_FAILED;
        }
    }
    case_close(&test);
    return NULL;
}

static void eight_threads(void **state) {
    test_fixture fixture = {.context = *state, .guard = FIXTURE_GUARD};
    shared_worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (shared_worker){.fixture = &fixture, .line = lines[i]};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        if (!workers[i].good) {
            fail_msg("%s: %s", workers[i].line, workers[i].why);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(eight_threads)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}

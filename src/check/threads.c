/* SPDX-License-Identifier: Apache-2.0 */
/* Clones of a plan, executed by eight threads at once on the context's one queue. */
#include "check/properties.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, EXECUTIONS = 4 };

typedef struct clone_worker {
    const test_fixture *fixture;
    clf_plan *plan;              /* its own clone */
    test_tensor output;          /* its own */
    const test_tensor *expected; /* fetched before the threads began */
    pthread_t thread;
    bool started, good;
    char why[WHY_LENGTH];
} clone_worker;

static bool execute_once(clone_worker *worker) {
    clf_error error = {0};
    const cl_mem buffers[2] = {NULL, worker->output.view.buffer};
    clf_execute_desc desc = {.buffers = buffers, .buffer_count = 2};
    cl_event event = NULL;
    if (!tensor_send(worker->fixture, &worker->output, worker->why)) {
        return false;
    }
    if (clf_execute(worker->plan, &desc, &event, &error) != CLF_OK) {
        (void)snprintf(worker->why, WHY_LENGTH, "executing a clone: %s: %s", clf_status_name(error.code),
                       error.message);
        return false;
    }
    cl_int code = clWaitForEvents(1, &event);
    (void)clReleaseEvent(event);
    if (code != CL_SUCCESS || !tensor_fetch(worker->fixture, &worker->output, worker->why)) {
        return false;
    }
    if (memcmp(worker->output.back, worker->expected->back, worker->output.bytes) != 0) {
        (void)snprintf(worker->why, WHY_LENGTH, "a clone in another thread gives other bits");
        return false;
    }
    return true;
}

static void *work(void *argument) {
    clone_worker *worker = argument;
    worker->good = true;
    for (int i = 0; i < EXECUTIONS && worker->good; i++) {
        worker->good = execute_once(worker);
    }
    return NULL;
}

static bool prepare(clone_worker *workers, const test_fixture *fixture, const test_case *test, const clf_plan *plan,
                    const test_tensor *expected, char *why) {
    clf_error error = {0};
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (clone_worker){.fixture = fixture, .expected = expected};
        if (!tensor_create(fixture, &test->output, &workers[i].output, why)) {
            return false;
        }
        if (clf_plan_clone(plan, &workers[i].plan, &error) != CLF_OK) {
            (void)snprintf(why, WHY_LENGTH, "cloning: %s: %s", clf_status_name(error.code), error.message);
            return false;
        }
    }
    return true;
}

static bool run_workers(clone_worker *workers, char *why) {
    bool good = true;
    for (int i = 0; i < THREADS; i++) {
        workers[i].started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    }
    for (int i = 0; i < THREADS; i++) {
        if (workers[i].started) {
            (void)pthread_join(workers[i].thread, NULL);
        }
        if (good && !(workers[i].started && workers[i].good)) {
            (void)snprintf(why, WHY_LENGTH, "%.*s", WHY_LENGTH - 1,
                           workers[i].started ? workers[i].why : "a thread does not start");
            good = false;
        }
    }
    return good;
}

outcome run_threads(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    clone_worker workers[THREADS] = {{.fixture = NULL}};
    case_operands operands;
    clf_plan *plan = NULL;
    outcome result = OUTCOME_FAILED;
    if (operands_create(fixture, test, &operands, why)) {
        result = case_plan(fixture, test, &operands, solver, &plan, why);
    }
    if (result == OUTCOME_PASSED) {
        bool good = case_execute(fixture, test, plan, &operands, why) &&
                    prepare(workers, fixture, test, plan, &operands.output, why);
        /* Clones live on when the plan they were made from is gone. */
        clf_plan_destroy(plan);
        plan = NULL;
        result = good && run_workers(workers, why) ? OUTCOME_PASSED : OUTCOME_FAILED;
    }
    for (int i = 0; i < THREADS; i++) {
        clf_plan_destroy(workers[i].plan);
        tensor_destroy(&workers[i].output);
    }
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A child process that uses what its parent made before fork(): every call answers, with a sentence, and none hangs. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIDE = 8, SECONDS = 20 };

/* What the parent made. */
typedef struct inherited {
    clf_context *context;
    clf_plan *plan, *streamed;
    clf_view src, dst;
    float values[SIDE * SIDE];
} inherited;

static const int64_t shape[2] = {SIDE, SIDE};

static clf_shift_desc shift_of(const inherited *from) {
    return (clf_shift_desc){.src = from->src, .dst = from->dst, .by = {1, 0}};
}

static clf_shift_desc streamed_of(void) {
    return (clf_shift_desc){.src = clf_view_dense(NULL, CLF_F32, 2, shape),
                            .dst = clf_view_dense(NULL, CLF_F32, 2, shape),
                            .by = {1, 0},
                            .options = {.stream_bytes = 1 << 16}};
}

static clf_status upload(inherited *from, clf_error *error) {
    const clf_array array = unit_array(2, shape, from->values);
    return clf_upload(from->context, &array, &from->src, error);
}

static clf_status download(inherited *from, clf_error *error) {
    const clf_array array = unit_array(2, shape, from->values);
    return clf_download(from->context, &from->src, &array, error);
}

static clf_status tensor(inherited *from, clf_error *error) {
    clf_view made;
    return clf_tensor_create(from->context, CLF_F32, 2, shape, &made, error);
}

static clf_status plan(inherited *from, clf_error *error) {
    clf_plan *made = NULL;
    const clf_shift_desc desc = shift_of(from);
    return clf_plan_shift(from->context, &desc, &made, error);
}

static clf_status plan_streamed(inherited *from, clf_error *error) {
    clf_plan *made = NULL;
    const clf_shift_desc desc = streamed_of();
    return clf_plan_shift(from->context, &desc, &made, error);
}

static clf_status plan_line(inherited *from, clf_error *error) {
    clf_plan *made = NULL;
    return clf_plan_from_line(from->context, "corr f32 9x13 k=3x3", NULL, &made, error);
}

static clf_status execute(inherited *from, clf_error *error) {
    return clf_execute(from->plan, NULL, NULL, error);
}

static clf_status execute_host(inherited *from, clf_error *error) {
    const clf_array arrays[2] = {unit_array(2, shape, from->values), unit_array(2, shape, from->values)};
    const clf_host_desc desc = {.arrays = arrays, .array_count = 2};
    return clf_execute_host(from->streamed, &desc, error);
}

static clf_status check(inherited *from, clf_error *error) {
    return clf_plan_check(from->plan, error);
}

static clf_status clone(inherited *from, clf_error *error) {
    clf_plan *made = NULL;
    return clf_plan_clone(from->plan, &made, error);
}

static clf_status finish(inherited *from, clf_error *error) {
    return clf_context_finish(from->context, error);
}

static clf_status peaks(inherited *from, clf_error *error) {
    clf_device_peaks found;
    return clf_context_measure_peaks(from->context, &found, error);
}

static clf_status warmup(inherited *from, clf_error *error) {
    static const char *const lines[] = {"corr f32 9x13 k=3x3"};
    return clf_context_warmup(from->context, lines, 1, error);
}

static clf_status warmup_wait(inherited *from, clf_error *error) {
    return clf_context_warmup_wait(from->context, error);
}

static clf_status wisdom_export(inherited *from, clf_error *error) {
    size_t length;
    return clf_wisdom_export(from->context, NULL, 0, &length, error);
}

static clf_status wisdom_import(inherited *from, clf_error *error) {
    return clf_wisdom_import(from->context, "clfilter-wisdom 1\n", NULL, error);
}

static clf_status wisdom_load(inherited *from, clf_error *error) {
    return clf_wisdom_load(from->context, NULL, error);
}

static clf_status wisdom_save(inherited *from, clf_error *error) {
    return clf_wisdom_save(from->context, error);
}

/* These have no status; that they come back is all. */
static clf_status release(inherited *from, clf_error *error) {
    const clf_build_statistics statistics = clf_context_build_statistics(from->context);
    clf_wisdom_forget(from->context);
    clf_plan_destroy(from->plan);
    clf_plan_destroy(from->streamed);
    clf_context_destroy(from->context);
    error->code = statistics.programs == 0 ? CLF_INVALID_HANDLE : CLF_OK;
    (void)snprintf(error->message, sizeof error->message, "fork");
    return error->code;
}

typedef struct call_row {
    const char *name;
    clf_status (*call)(inherited *from, clf_error *error);
} call_row;

static const call_row calls[] = {
    {"upload", upload},
    {"download", download},
    {"tensor", tensor},
    {"plan", plan},
    {"plan_streamed", plan_streamed},
    {"plan_line", plan_line},
    {"execute", execute},
    {"execute_host", execute_host},
    {"check", check},
    {"clone", clone},
    {"finish", finish},
    {"peaks", peaks},
    {"warmup", warmup},
    {"warmup_wait", warmup_wait},
    {"wisdom_export", wisdom_export},
    {"wisdom_import", wisdom_import},
    {"wisdom_load", wisdom_load},
    {"wisdom_save", wisdom_save},
    {"release", release},
};

/* In a child of its own: 0 if the call answers as it should, 1 if not; -1 if a signal, the alarm's say, ended it. */
static int answer_of_child(const call_row *row, inherited *from) {
    const pid_t child = fork();
    if (child == 0) {
        clf_error error = {0};
        alarm(SECONDS);
        const clf_status status = row->call(from, &error);
        _exit(status == CLF_INVALID_HANDLE && error.code == status && strstr(error.message, "fork") != NULL ? 0 : 1);
    }
    int status = 0;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void every_call_answers(void **state) {
    clf_error error = {0};
    inherited from = {.context = *state};
    from.src = unit_tensor(*state, 2, shape, from.values);
    from.dst = unit_tensor(*state, 2, shape, NULL);
    const clf_shift_desc desc = shift_of(&from), streamed = streamed_of();
    check_ok(clf_plan_shift(*state, &desc, &from.plan, &error));
    check_ok(clf_plan_shift(*state, &streamed, &from.streamed, &error));
    check_ok(clf_execute(from.plan, NULL, NULL, &error));
    int wrong = 0;
    for (size_t i = 0; i < COUNT(calls); i++) {
        const int answer = answer_of_child(&calls[i], &from);
        if (answer != 0)
            print_message("%s: %s\n", calls[i].name, answer < 0 ? "hung or crashed" : "answered otherwise");
        wrong += answer != 0;
    }
    assert_int_equal(wrong, 0);
    /* The parent goes on with all of it. */
    check_ok(clf_execute(from.plan, NULL, NULL, &error));
    check_ok(clf_context_finish(*state, &error));
    clf_plan_destroy(from.plan);
    clf_plan_destroy(from.streamed);
    clf_tensor_release(&from.src);
    clf_tensor_release(&from.dst);
}

int main(void) {
    (void)setenv("XDG_CACHE_HOME", "/nonexistent",
                 1); /* a child that saves wisdom all the same saves none of the user's */
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_answers)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}

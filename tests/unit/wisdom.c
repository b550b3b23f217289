/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom as text: out and in again, cut, damaged, of another version, long; by several threads. */
#include "folder.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADING "clfilter-wisdom 1\n"
#define KEY "0123456789abcdef conv f32 8x9 k=3x3 border=reflect"

static const char *const lines[] = {
    "conv.direct 0 1 1500 " KEY "\n",
    "conv.general 3 2 9223372036 0123456789abcdef conv f32 8x9 k=5x5 border=reflect cval=-1.5\n",
    "gradient.flat 0 1 0 fedcba9876543210 gradient f32 3x28x28 op=sobel border=periodic\n",
};

typedef struct wisdom_state {
    clf_context *context;
    folder_log log;
} wisdom_state;

static wisdom_state shared;

static int open_shared(void **state) {
    (void)state;
    shared.context = folder_context(CLF_PROGRAM_CACHE_OFF, &shared.log);
    return 0;
}

static int close_shared(void **state) {
    (void)state;
    clf_context_destroy(shared.context);
    return 0;
}

static int forget(void **state) {
    (void)state;
    clf_wisdom_forget(shared.context);
    shared.log = (folder_log){.warnings = 0};
    return 0;
}

static size_t import(const char *text) {
    clf_error error = {0};
    size_t taken = 777;
    check_ok(clf_wisdom_import(shared.context, text, &taken, &error));
    return taken;
}

static void expect_export(const char *wanted) {
    clf_error error = {0};
    static char text[1 << 16];
    size_t length = 0;
    check_ok(clf_wisdom_export(shared.context, text, sizeof text, &length, &error));
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
}

static void whole_text(char text[1024]) {
    (void)snprintf(text, 1024, HEADING "%s%s%s", lines[0], lines[1], lines[2]);
}

static void round_trip(void **state) {
    (void)state;
    char text[1024];
    whole_text(text);
    expect_export(HEADING);
    assert_int_equal(import(text), COUNT(lines));
    expect_export(text);
    assert_int_equal(import(text), COUNT(lines)); /* again: the same entries */
    expect_export(text);
    assert_int_equal(import(HEADING), 0);
    expect_export(text);
    assert_int_equal(import(HEADING "conv.separable 1 2 7 " KEY "\n"), 1); /* the later one counts */
    (void)snprintf(text, sizeof text, HEADING "conv.separable 1 2 7 " KEY "\n%s%s", lines[1], lines[2]);
    expect_export(text);
    clf_wisdom_forget(shared.context);
    expect_export(HEADING);
    clf_wisdom_forget(NULL);
    assert_int_equal(shared.log.warnings, 0);
}

/* Into every capacity: cut, ended by a zero, nothing beyond; the length is that of the whole. */
static void capacities(void **state) {
    (void)state;
    clf_error error = {0};
    char text[1024], out[1024];
    whole_text(text);
    assert_int_equal(import(text), COUNT(lines));
    for (size_t capacity = 0; capacity <= strlen(text) + 2; capacity++) {
        size_t length = 0, kept = capacity == 0 ? 0 : capacity - 1 < strlen(text) ? capacity - 1 : strlen(text);
        memset(out, 0x5a, sizeof out);
        check_ok(clf_wisdom_export(shared.context, capacity > 0 ? out : NULL, capacity, &length, &error));
        assert_int_equal(length, strlen(text));
        assert_memory_equal(out, text, kept);
        assert_int_equal(out[kept], capacity > 0 ? 0 : 0x5a);
        for (size_t i = capacity; i < sizeof out; i++) {
            assert_int_equal(out[i], 0x5a);
        }
    }
}

/* Cut behind every byte: whole lines are taken, the rest is said to be damaged. */
static void truncated(void **state) {
    (void)state;
    char text[1024], cut[1024], wanted[1024];
    whole_text(text);
    for (size_t bytes = 0; bytes <= strlen(text); bytes++) {
        (void)forget(NULL);
        (void)snprintf(cut, sizeof cut, "%.*s", (int)bytes, text);
        size_t ends = 0, last = 0;
        for (size_t i = 0; i < bytes; i++) {
            if (cut[i] == '\n') {
                ends++;
                last = i + 1;
            }
        }
        assert_int_equal(import(cut), ends > 0 ? ends - 1 : 0);
        assert_int_equal(shared.log.warnings, last < bytes || bytes == 0 ? 1 : 0);
        (void)snprintf(wanted, sizeof wanted, "%.*s", (int)last, text);
        expect_export(ends > 0 ? wanted : HEADING);
    }
}

static void damaged_lines(void **state) {
    (void)state;
    static const char *const damaged[] = {
        "x",
        " conv.direct 0 1 1500 " KEY,
        "conv.direct  0 1 1500 " KEY,
        "conv.direct 0 1 1500" KEY,
        "conv.direct 0 1 1500 ",
        "conv.direct 0 1 1500",
        "conv.direct -1 1 1500 " KEY,
        "conv.direct 2147483648 1 1500 " KEY,
        "conv.direct 99999999999999999999999999 1 1500 " KEY,
        "conv.direct 0 0 1500 " KEY,
        "conv.direct 0 3 1500 " KEY,
        "conv.direct 0 1 -1 " KEY,
        "conv.direct 0 1 1.5 " KEY,
        "conv.direct 0 1 nan " KEY,
        "conv.direct 0 1 99999999999999999999 " KEY,
        "conv.direct 0 1 1500 0123456789abcde conv f32",
        "conv.direct 0 1 1500 0123456789abcdeg conv f32",
        "conv.direct 0 1 1500 0123456789ABCDEF conv f32",
        "conv.direct 0 1 1500 0123456789abcdef",
        "conv.direct 0 1 1500 0123456789abcdef ",
        "conv.direct 0 1 1500 0123456789abcdef 3x3",
        "conv.direct 0 1 1500 " KEY "\t",
        "conv.direct 0 1 1500 " KEY "\r",
        "conv.direct 0 1 1500 " KEY "\x80",
        "conv/direct 0 1 1500 " KEY,
        "\x01onv.direct 0 1 1500 " KEY,
        "conv.direct.with.a.name.that.is.longer.than.any.solver.has.ever.had.yet 0 1 1500 " KEY,
    };
    char text[1024], wanted[1024];
    (void)snprintf(wanted, sizeof wanted, HEADING "%s%s", lines[0], lines[1]);
    for (size_t i = 0; i < COUNT(damaged); i++) {
        (void)forget(NULL);
        (void)snprintf(text, sizeof text, HEADING "%s%s\n\n%s", lines[0], damaged[i], lines[1]);
        if (import(text) != 2 || shared.log.warnings != 1) {
            fail_msg("'%s' was taken, or not spoken of: %zu warnings", damaged[i], shared.log.warnings);
        }
        assert_non_null(strstr(shared.log.last, "1 damaged line"));
        expect_export(wanted);
    }
}

static void other_versions(void **state) {
    (void)state;
    static const char *const headings[] = {"",
                                           "\n",
                                           "clfilter-wisdom 2\n",
                                           "clfilter-wisdom 10\n",
                                           "clfilter-wisdom 1\r\n",
                                           "clfilter-wisdom 1",
                                           " clfilter-wisdom 1\n",
                                           "(fftw-3.3.10 fftw_wisdom\n"};
    char text[1024];
    for (size_t i = 0; i < COUNT(headings); i++) {
        (void)forget(NULL);
        (void)snprintf(text, sizeof text, "%s%s", headings[i], i == 5 ? "" : lines[0]);
        assert_int_equal(import(text), 0);
        assert_int_equal(shared.log.warnings, 1);
        assert_non_null(strstr(shared.log.last, "first line"));
        expect_export(HEADING);
    }
}

/* A line of a megabyte, and a key one byte too long for any problem. */
static void huge_lines(void **state) {
    (void)state;
    enum { BYTES = 1 << 20 };
    char *text = malloc(BYTES + 1024);
    assert_non_null(text);
    int head = snprintf(text, 1024, HEADING "conv.direct 0 1 1500 " KEY);
    memset(text + head, 'x', BYTES);
    (void)snprintf(text + head + BYTES, 256, "\n%s", lines[1]);
    assert_int_equal(import(text), 1);
    assert_int_equal(shared.log.warnings, 1);
    memset(text, '7', BYTES);
    (void)snprintf(text + BYTES, 256, "\n%s", lines[1]);
    /* The rest of the text follows. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
    memcpy(text, HEADING "conv.direct ", strlen(HEADING "conv.direct "));
    assert_int_equal(import(text), 1);
    assert_int_equal(shared.log.warnings, 2);
    free(text);
}

/* Many entries are found as quickly as few. */
static void many_entries(void **state) {
    (void)state;
    enum { ENTRIES = 200000, BYTES = ENTRIES * 80 };
    clf_error error = {0};
    char *text = malloc(BYTES), *again = malloc(BYTES);
    assert_true(text != NULL && again != NULL);
    size_t length = (size_t)snprintf(text, BYTES, HEADING);
    for (int i = 0; i < ENTRIES; i++) {
        length +=
            (size_t)snprintf(text + length, BYTES - length, "conv.direct 0 1 %d %016x conv f32 %d k=3\n", i, i, i);
    }
    size_t taken = import(text), found = 0;
    check_ok(clf_wisdom_export(shared.context, again, BYTES, &found, &error));
    bool same = taken == ENTRIES && found == length && strcmp(text, again) == 0;
    free(text);
    free(again);
    assert_true(same);
}

static void refusals(void **state) {
    (void)state;
    clf_error error = {0};
    char text[8];
    size_t length = 7;
    check_fails(clf_wisdom_export(NULL, text, 8, &length, &error), CLF_NULL_ARGUMENT, "context is NULL");
    check_fails(clf_wisdom_export(shared.context, NULL, 8, &length, &error), CLF_NULL_ARGUMENT, "text is NULL");
    check_fails(clf_wisdom_export(shared.context, text, 8, NULL, &error), CLF_NULL_ARGUMENT, "length is NULL");
    check_fails(clf_wisdom_import(NULL, text, NULL, &error), CLF_NULL_ARGUMENT, "context is NULL");
    check_fails(clf_wisdom_import(shared.context, NULL, &length, &error), CLF_NULL_ARGUMENT, "text is NULL");
    check_fails(clf_wisdom_path(NULL, 8, &error), CLF_NULL_ARGUMENT, "path is NULL");
    check_fails(clf_wisdom_load(NULL, &length, &error), CLF_NULL_ARGUMENT, "clf_wisdom_load");
    check_fails(clf_wisdom_save(NULL, &error), CLF_NULL_ARGUMENT, "clf_wisdom_save");
    assert_int_equal(length, 7);
    check_ok(clf_wisdom_import(shared.context, HEADING, NULL, &error));
}

/* Entries come in, go out and are forgotten on two threads; every text that comes out is whole. */
static void *churn(void *user) {
    bool *good = user;
    clf_error error = {0};
    char text[1024], out[1024];
    whole_text(text);
    for (int i = 0; i < 500 && *good; i++) {
        size_t length = 0, taken = 0;
        *good = clf_wisdom_import(shared.context, text, &taken, &error) == CLF_OK && taken == COUNT(lines) &&
                clf_wisdom_export(shared.context, out, sizeof out, &length, &error) == CLF_OK &&
                length == strlen(out) && length <= strlen(text) && memcmp(out, HEADING, strlen(HEADING)) == 0 &&
                out[length - 1] == '\n';
        if (i % 50 == 0) {
            clf_wisdom_forget(shared.context);
        }
    }
    return NULL;
}

static void two_threads(void **state) {
    (void)state;
    pthread_t threads[2];
    bool good[2] = {true, true};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, churn, &good[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_true(good[0] && good[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(round_trip, forget),     cmocka_unit_test_setup(capacities, forget),
        cmocka_unit_test_setup(truncated, forget),      cmocka_unit_test_setup(damaged_lines, forget),
        cmocka_unit_test_setup(other_versions, forget), cmocka_unit_test_setup(huge_lines, forget),
        cmocka_unit_test_setup(many_entries, forget),   cmocka_unit_test_setup(refusals, forget),
        cmocka_unit_test_setup(two_threads, forget),
    };
    return cmocka_run_group_tests(tests, open_shared, close_shared);
}

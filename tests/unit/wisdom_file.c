/* SPDX-License-Identifier: Apache-2.0 */
/* The user's wisdom file: missing, unwritable, linked, no file, on a full disk, and one that closing fails to keep. */
#include "folder.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADING "clfilter-wisdom 1\n"
#define LINE "conv.direct 0 1 1500 0123456789abcdef conv f32 8x9 k=3x3\n"
#define LINE_OF_ANOTHER "conv.direct 0 1 1500 0123456789abcdef conv f32 8x9 k=5x5\n"

static clf_context *context;
static folder_log messages;

static int open_context(void **state) {
    (void)state;
    context = folder_context(CLF_PROGRAM_CACHE_OFF, &messages);
    return 0;
}

static int close_context(void **state) {
    (void)state;
    clf_context_destroy(context);
    return 0;
}

static int begin(void **state) {
    clf_wisdom_forget(context);
    messages = (folder_log){.warnings = 0};
    return folder_setup(state);
}

static void know_one(void) {
    clf_error error = {0};
    check_ok(clf_wisdom_import(context, HEADING LINE, NULL, &error));
}

static size_t load(void) {
    clf_error error = {0};
    size_t taken = 777;
    check_ok(clf_wisdom_load(context, &taken, &error));
    return taken;
}

static void expect_file(const char *wanted) {
    char text[1024] = {0};
    size_t bytes = folder_read("clfilter/wisdom", text, sizeof text);
    assert_int_equal(bytes, strlen(wanted));
    assert_string_equal(text, wanted);
}

static void saved_and_loaded(void **state) {
    (void)state;
    clf_error error = {0};
    struct stat info;
    char path[FOLDER_PATH];
    assert_int_equal(load(), 0); /* neither folder nor file */
    know_one();
    check_ok(clf_wisdom_save(context, &error));
    expect_file(HEADING LINE);
    assert_int_equal(stat(folder_file("clfilter"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    check_ok(clf_wisdom_path(path, sizeof path, &error));
    assert_string_equal(path, folder_file("clfilter/wisdom"));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    clf_wisdom_forget(context);
    assert_int_equal(load(), 1);
    check_ok(clf_wisdom_save(context, &error)); /* over the old one */
    expect_file(HEADING LINE);
    assert_int_equal(folder_count("clfilter"), 1);
    assert_int_equal(messages.warnings, 0);
}

static void where(void **state) {
    (void)state;
    clf_error error = {0};
    char path[64] = "untouched", cache[FOLDER_PATH], *home = folder_variable("HOME");
    (void)snprintf(cache, sizeof cache, "%s", folder_path());
    assert_int_equal(setenv("HOME", "/home/somebody", 1), 0);
    assert_int_equal(setenv("XDG_CACHE_HOME", "relative", 1), 0);
    check_ok(clf_wisdom_path(path, sizeof path, &error));
    assert_string_equal(path, "/home/somebody/.cache/clfilter/wisdom");
    check_ok(clf_wisdom_path(path, strlen(path) + 1, &error));
    check_fails(clf_wisdom_path(path, strlen(path), &error), CLF_OUT_OF_RANGE, "there is room for");
    assert_int_equal(unsetenv("XDG_CACHE_HOME"), 0);
    check_ok(clf_wisdom_path(path, sizeof path, &error));
    assert_string_equal(path, "/home/somebody/.cache/clfilter/wisdom");
    assert_int_equal(unsetenv("HOME"), 0);
    check_fails(clf_wisdom_path(path, sizeof path, &error), CLF_INVALID_VALUE, "XDG_CACHE_HOME");
    check_fails(clf_wisdom_load(context, NULL, &error), CLF_INVALID_VALUE, "XDG_CACHE_HOME");
    check_fails(clf_wisdom_save(context, &error), CLF_INVALID_VALUE, "XDG_CACHE_HOME");
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
    assert_int_equal(home == NULL ? 0 : setenv("HOME", home, 1), 0);
    free(home);
}

static void unwritable(void **state) {
    (void)state;
    clf_error error = {0};
    know_one();
    check_ok(clf_wisdom_save(context, &error));
    clf_wisdom_forget(context);
    folder_deny("clfilter", 0500);
    clf_status status = clf_wisdom_save(context, &error);
    folder_give("clfilter");
    assert_int_equal(status, CLF_FILE_ERROR);
    assert_non_null(strstr(error.message, "clfilter/wisdom"));
    expect_file(HEADING LINE);
    assert_int_equal(folder_count("clfilter"), 1);
}

/* A folder that is a link leads nowhere we would write; nor does one that others may write to. */
static void not_our_folder(void **state) {
    (void)state;
    clf_error error = {0};
    know_one();
    assert_int_equal(mkdir(folder_file("target"), 0700), 0);
    assert_int_equal(symlink("target", folder_file("clfilter")), 0);
    check_fails(clf_wisdom_save(context, &error), CLF_FILE_ERROR, "link");
    assert_int_equal(folder_count("target"), 0);
    assert_int_equal(unlink(folder_file("clfilter")), 0);
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    assert_int_equal(chmod(folder_file("clfilter"), 0770), 0);
    check_fails(clf_wisdom_save(context, &error), CLF_FILE_ERROR, "others");
    assert_int_equal(folder_count("clfilter"), 0);
    assert_int_equal(rmdir(folder_file("clfilter")), 0);
    folder_write("clfilter", "x", 1);
    check_fails(clf_wisdom_save(context, &error), CLF_FILE_ERROR, "clfilter");
    check_fails(clf_wisdom_load(context, NULL, &error), CLF_FILE_ERROR, "clfilter/wisdom");
}

/* A folder, and a pipe that nobody writes to, where the file should be. */
static void no_plain_file(void **state) {
    (void)state;
    clf_error error = {0};
    size_t taken = 777;
    know_one();
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    assert_int_equal(mkdir(folder_file("clfilter/wisdom"), 0700), 0);
    check_fails(clf_wisdom_load(context, &taken, &error), CLF_FILE_ERROR, "is not a regular file");
    check_fails(clf_wisdom_save(context, &error), CLF_FILE_ERROR, "Is a directory");
    assert_int_equal(folder_count("clfilter"), 1);
    assert_int_equal(rmdir(folder_file("clfilter/wisdom")), 0);
    assert_int_equal(mkfifo(folder_file("clfilter/wisdom"), 0600), 0);
    check_fails(clf_wisdom_load(context, &taken, &error), CLF_FILE_ERROR, "is not a regular file");
    assert_int_equal(taken, 777);
    check_ok(clf_wisdom_save(context, &error)); /* takes the pipe's place */
    expect_file(HEADING LINE);
    folder_write("dotfile", HEADING LINE LINE, strlen(HEADING LINE LINE));
    assert_int_equal(unlink(folder_file("clfilter/wisdom")), 0);
    assert_int_equal(symlink("../dotfile", folder_file("clfilter/wisdom")), 0);
    assert_int_equal(load(), 2); /* text may be a link to where its owner keeps it */
}

/* A file that may grow to ten bytes stands for a disk with room for ten. */
static void full_disk(void **state) {
    (void)state;
    clf_error error = {0};
    struct rlimit before, small;
    know_one();
    check_ok(clf_wisdom_save(context, &error));
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = 10, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    clf_status status = clf_wisdom_save(context, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, CLF_FILE_ERROR);
    expect_file(HEADING LINE);
    assert_int_equal(folder_count("clfilter"), 1);
}

/* What close() fails with, if it is to fail: on network file systems it is close() that reports a full disk. */
static int close_failure;

int __real_close(int descriptor);
int __wrap_close(int descriptor);
int __wrap_close(int descriptor) {
    int closed = __real_close(descriptor);
    if (close_failure == 0) {
        return closed;
    }
    errno = close_failure;
    return -1;
}

static void failing_close(void **state) {
    (void)state;
    clf_error error = {0};
    know_one();
    check_ok(clf_wisdom_save(context, &error));
    check_ok(clf_wisdom_import(context, HEADING LINE_OF_ANOTHER, NULL, &error));
    close_failure = ENOSPC;
    clf_status status = clf_wisdom_save(context, &error);
    close_failure = 0;
    assert_int_equal(status, CLF_FILE_ERROR);
    assert_non_null(strstr(error.message, "No space left on device"));
    expect_file(HEADING LINE);
    assert_int_equal(folder_count("clfilter"), 1);
}

/* Zero bytes damage the line they stand in, not those behind it. */
static void zero_bytes(void **state) {
    (void)state;
    char text[] = HEADING LINE LINE LINE;
    text[strlen(HEADING LINE) + 40] = '\0';
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    folder_write("clfilter/wisdom", text, sizeof text - 1);
    assert_int_equal(load(), 2);
    assert_int_equal(messages.warnings, 1);
    folder_write("clfilter/wisdom", "", 0);
    assert_int_equal(load(), 0);
    assert_int_equal(messages.warnings, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(saved_and_loaded, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(where, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(unwritable, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(not_our_folder, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(no_plain_file, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(full_disk, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(failing_close, begin, folder_teardown),
        cmocka_unit_test_setup_teardown(zero_bytes, begin, folder_teardown),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}

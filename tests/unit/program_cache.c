/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk cache of programs: found again, shared by processes, kept below its bound.
 *
 *   unit_program_cache                   the tests
 *   unit_program_cache cold|warm         one of their processes: filters something with the cache that is there
 */
#include "cached.h"

#include "base/hash.h"
#include "base/text.h"
#include "rt/program.h"
#include "rt/program_file.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 8 };

static void found_again(void **state) {
    (void)state;
    struct stat info;
    assert_int_equal(cached_look().files, 0);
    cached_expect(CLF_PROGRAM_CACHE_OFF, 1, 0, 0);
    assert_int_equal(folder_count("clfilter"), 0);
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    cached_expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    cached_expect(CLF_PROGRAM_CACHE_OFF, 1, 0, 0);
    assert_int_equal(folder_count(cached_programs), 1);
    assert_int_equal(stat(folder_file(cached_programs), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(folder_file(cached_entry_name()), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    clf_program_cache_info found = cached_look();
    assert_int_equal(found.files, 1);
    assert_int_equal(found.bytes, info.st_size);
    assert_string_equal(found.path, folder_file(cached_programs));
    clf_error error = {0};
    check_ok(clf_program_cache_clear(&error));
    assert_int_equal(cached_look().files, 0);
    check_ok(clf_program_cache_clear(&error));
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    cached_expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
}

/* Options that leave no room in a file's key: two programs must not share one. */
static void long_options(void **state) {
    (void)state;
    clf_error error = {0};
    cl_program program = NULL;
    char data[4096];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_context *context = folder_context(CLF_PROGRAM_CACHE_ON, &cached_messages);
    clf_text_add(&options, "-DVECTOR=4 -DLOCAL_X=1 -DUNUSED=");
    while (options.length < 2500)
        clf_text_add(&options, "1");
    check_ok(clf_program_get(context, "rt/peaks", &options, &program, &error));
    assert_int_equal(cached_messages.warnings, 1);
    assert_non_null(strstr(cached_messages.last, "rt/peaks: there is no room for the key in 2047 characters"));
    assert_int_equal(folder_count(cached_programs), 0);
    clf_context_destroy(context);
}

/* Nothing of the way to the folder is there. */
static void missing(void **state) {
    (void)state;
    struct stat info;
    char cache[FOLDER_PATH], deep[FOLDER_PATH + 16];
    (void)snprintf(cache, sizeof cache, "%s", folder_path());
    (void)snprintf(deep, sizeof deep, "%s/not/there", cache);
    assert_int_equal(setenv("XDG_CACHE_HOME", deep, 1), 0);
    assert_int_equal(cached_look().files, 0);
    assert_int_not_equal(stat(deep, &info), 0);
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    cached_expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    assert_int_equal(stat(deep, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
}

static void no_home(void **state) {
    (void)state;
    clf_error error = {0};
    char cache[FOLDER_PATH], *home = folder_variable("HOME");
    (void)snprintf(cache, sizeof cache, "%s", folder_path());
    assert_int_equal(unsetenv("XDG_CACHE_HOME") + unsetenv("HOME"), 0);
    clf_build_statistics built;
    bool right = cached_filter(CLF_PROGRAM_CACHE_ON, &built);
    check_fails(clf_program_cache_clear(&error), CLF_INVALID_VALUE, "XDG_CACHE_HOME");
    check_fails(clf_program_cache_look(NULL, &error), CLF_NULL_ARGUMENT, "info is NULL");
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
    assert_int_equal(home == NULL ? 0 : setenv("HOME", home, 1), 0);
    free(home);
    assert_true(right && built.programs == 1 && built.disk_hits == 0);
    assert_non_null(strstr(cached_messages.last, "neither XDG_CACHE_HOME nor HOME is set"));
}

/* Entries of 1,000 bytes, the first used longest ago, and things that are none. */
static void make_entries(int count) {
    static const char bytes[1000];
    char name[64];
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    assert_int_equal(mkdir(folder_file(cached_programs), 0700), 0);
    for (int i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "%s/%016x", cached_programs, 0xabc + (i * 7 % count));
        folder_write(name, bytes, sizeof bytes);
        const struct timespec times[2] = {{.tv_sec = 1000000 + i}, {.tv_sec = 1000000 + i}};
        assert_int_equal(utimensat(AT_FDCWD, folder_file(name), times, 0), 0);
    }
}

static bool there(const char *name) {
    char path[64];
    struct stat info;
    (void)snprintf(path, sizeof path, "%s/%s", cached_programs, name);
    return lstat(folder_file(path), &info) == 0;
}

static void bounded(void **state) {
    (void)state;
    enum { ENTRIES = 6 };
    clf_error error = {0};
    char name[32];
    make_entries(ENTRIES);
    folder_write("clfilter/programs/notes", "mine", 4);
    folder_write("clfilter/programs/0123456789abcdef.aBcDeF", "being written", 13);
    folder_write("clfilter/programs/0123456789abcdef.oldone", "left by the dead", 16);
    const struct timespec long_ago[2] = {{.tv_sec = 5}, {.tv_sec = 5}};
    assert_int_equal(utimensat(AT_FDCWD, folder_file("clfilter/programs/0123456789abcdef.oldone"), long_ago, 0), 0);
    assert_int_equal(mkdir(folder_file("clfilter/programs/0000000000000000"), 0700), 0);
    assert_int_equal(cached_look().bytes, ENTRIES * 1000);
    assert_false(there("0123456789abcdef.oldone"));
    clf_program_folder_trim(folder_file(cached_programs), 3500);
    for (int i = 0; i < ENTRIES; i++) {
        (void)snprintf(name, sizeof name, "%016x", 0xabc + (i * 7 % ENTRIES));
        assert_true(there(name) == (i >= 3));
    }
    clf_program_folder_trim(folder_file(cached_programs), 3000);
    assert_int_equal(cached_look().files, 3);
    clf_program_folder_trim(folder_file(cached_programs), 0);
    assert_int_equal(cached_look().files, 0);
    assert_true(there("notes") && there("0123456789abcdef.aBcDeF") && there("0000000000000000"));
    check_ok(clf_program_cache_clear(&error));
    assert_true(there("notes") && there("0000000000000000") && !there("0123456789abcdef.aBcDeF"));
    clf_program_folder_trim(folder_file("none"), 0);
}

/* What was used last stays longest, whenever it was written. */
static void used_last(void **state) {
    (void)state;
    cached_entry entry = cached_make_entry();
    const struct timespec long_ago[2] = {{.tv_sec = 5}, {.tv_sec = 5}};
    assert_int_equal(utimensat(AT_FDCWD, folder_file(entry.name), long_ago, 0), 0);
    folder_write("clfilter/programs/0123456789abcdef", "x", 1);
    const struct timespec later[2] = {{.tv_sec = 6}, {.tv_sec = 6}};
    assert_int_equal(utimensat(AT_FDCWD, folder_file("clfilter/programs/0123456789abcdef"), later, 0), 0);
    assert_true(cached_loads(&entry));
    clf_program_folder_trim(folder_file(cached_programs), entry.bytes);
    assert_false(there("0123456789abcdef"));
    assert_true(cached_loads(&entry));
    cached_release_entry(&entry);
}

static void run_processes(const char *how) {
    char self[] = "/proc/self/exe", *arguments[3] = {self, NULL, NULL}, word[8];
    pid_t children[PROCESSES];
    (void)snprintf(word, sizeof word, "%s", how);
    arguments[1] = word;
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(posix_spawn(&children[i], self, NULL, NULL, arguments, environ), 0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = -1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

/* Eight processes that start with nothing are all right and leave one whole entry; eight more find it. */
static void eight_processes(void **state) {
    (void)state;
    run_processes("cold");
    assert_int_equal(folder_count(cached_programs), 1);
    assert_int_equal(folder_count("clfilter"), 1);
    run_processes("warm");
    assert_int_equal(folder_count(cached_programs), 1);
}

static int be_process(const char *how) {
    clf_build_statistics built;
    bool right = cached_filter(CLF_PROGRAM_CACHE_ON, &built) && cached_messages.warnings == 0;
    bool hit = built.disk_hits == 1 && built.programs == 0;
    return right && (hit || strcmp(how, "cold") == 0) ? 0 : 1;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return be_process(arguments[1]);
    }
#define ROW(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        ROW(found_again), ROW(missing),         ROW(no_home),      ROW(bounded),
        ROW(used_last),   ROW(eight_processes), ROW(long_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk cache of programs: found again, damaged in every way, shared by processes, kept below its bound.
 *
 *   unit_program_cache                   the tests
 *   unit_program_cache cold|warm         one of their processes: filters something with the cache that is there
 */
#include "folder.h"

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

enum { ROWS = 5, COLUMNS = 7, ELEMENTS = ROWS * COLUMNS, LARGEST = 1 << 20, PROCESSES = 8 };

static const char programs[] = "clfilter/programs";
static folder_log messages;

/* A gradient with a context of its own; false where it is wrong. Central differences, the ends reflected. */
static bool filter(clf_program_cache cache, clf_build_statistics *built) {
    const int64_t shape[2] = {ROWS, COLUMNS};
    float values[ELEMENTS], result[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
        values[i] = (float)(3 * (i % COLUMNS) + 4 * (i / COLUMNS));
    }
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_context *context = folder_context(cache, &messages);
    clf_gradient_desc desc = {
        .src = unit_tensor(context, 2, shape, values), .dst = unit_tensor(context, 2, shape, NULL), .scale = 0.5};
    check_ok(clf_plan_gradient(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &desc.dst, result);
    *built = clf_context_build_statistics(context);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
    clf_context_destroy(context);
    for (int y = 1; y < ROWS - 1; y++) {
        for (int x = 1; x < COLUMNS - 1; x++) {
            if (result[y * COLUMNS + x] != 5) {
                return false;
            }
        }
    }
    return true;
}

static void expect(clf_program_cache cache, size_t built, size_t from_disk, size_t warnings) {
    clf_build_statistics statistics;
    assert_true(filter(cache, &statistics));
    if (statistics.programs != built || statistics.disk_hits != from_disk || messages.warnings != warnings) {
        fail_msg("%zu built, %zu from disk, %zu warnings; expected %zu, %zu, %zu; last: %s", statistics.programs,
                 statistics.disk_hits, messages.warnings, built, from_disk, warnings, messages.last);
    }
}

static clf_program_cache_info look(void) {
    clf_error error = {0};
    clf_program_cache_info info;
    check_ok(clf_program_cache_look(&info, &error));
    return info;
}

/* The name of the one entry there is, "clfilter/programs/<16 digits>", found by its key's hash in `filter`. */
static const char *entry_name(void) {
    static char name[64];
    FILE *list = popen("ls -A \"$XDG_CACHE_HOME\"/clfilter/programs", "r");
    char digits[32] = "";
    assert_non_null(list);
    assert_int_equal(fscanf(list, "%31s", digits), 1);
    assert_int_equal(pclose(list), 0);
    (void)snprintf(name, sizeof name, "%s/%s", programs, digits);
    return name;
}

static void found_again(void **state) {
    (void)state;
    struct stat info;
    assert_int_equal(look().files, 0);
    expect(CLF_PROGRAM_CACHE_OFF, 1, 0, 0);
    assert_int_equal(folder_count("clfilter"), 0);
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    expect(CLF_PROGRAM_CACHE_OFF, 1, 0, 0);
    assert_int_equal(folder_count(programs), 1);
    assert_int_equal(stat(folder_file(programs), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(folder_file(entry_name()), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    clf_program_cache_info found = look();
    assert_int_equal(found.files, 1);
    assert_int_equal(found.bytes, info.st_size);
    assert_string_equal(found.path, folder_file(programs));
    clf_error error = {0};
    check_ok(clf_program_cache_clear(&error));
    assert_int_equal(look().files, 0);
    check_ok(clf_program_cache_clear(&error));
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
}

/* Options that leave no room in a file's key: two programs must not share one. */
static void long_options(void **state) {
    (void)state;
    clf_error error = {0};
    cl_program program = NULL;
    char data[4096];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_context *context = folder_context(CLF_PROGRAM_CACHE_ON, &messages);
    clf_text_add(&options, "-DVECTOR=4 -DLOCAL_X=1 -DUNUSED=");
    while (options.length < 2500)
        clf_text_add(&options, "1");
    check_ok(clf_program_get(context, "rt/peaks", &options, &program, &error));
    assert_int_equal(messages.warnings, 1);
    assert_non_null(strstr(messages.last, "rt/peaks: there is no room for the key in 2047 characters"));
    assert_int_equal(folder_count(programs), 0);
    clf_context_destroy(context);
}

/* A good entry, its bytes, and a way to ask for it without building anything. */
typedef struct good_entry {
    const char *name;
    unsigned char *data;
    size_t bytes;
    clf_context *context;
    const clf_kernel_source *source;
    char options[512];
} good_entry;

static good_entry make_entry(void) {
    good_entry entry = {.data = malloc(LARGEST), .source = clf_kernel_sources};
    assert_non_null(entry.data);
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    (void)snprintf(entry.options, sizeof entry.options, "%s", messages.options);
    entry.name = entry_name();
    entry.bytes = folder_read(entry.name, entry.data, LARGEST);
    while (strcmp(entry.source->name, "gradient/gradient") != 0) {
        entry.source++;
    }
    entry.context = folder_context(CLF_PROGRAM_CACHE_ON, &messages);
    return entry;
}

static void release_entry(good_entry *entry) {
    clf_context_destroy(entry->context);
    free(entry->data);
}

/* True where the cache gives a program; a warning is expected where it does not. */
static bool loads(const good_entry *entry) {
    cl_program program = NULL;
    messages.warnings = 0;
    bool loaded = clf_program_load(entry->context, entry->source, entry->options, &program);
    assert_int_equal(messages.warnings, loaded ? 0 : 1);
    if (loaded) {
        check_cl(clReleaseProgram(program));
    }
    return loaded;
}

static void truncated(void **state) {
    (void)state;
    good_entry entry = make_entry();
    assert_true(loads(&entry));
    const size_t lengths[] = {0,
                              1,
                              18,
                              19,
                              20,
                              27,
                              34,
                              35,
                              36,
                              100,
                              entry.bytes / 2,
                              entry.bytes - 9,
                              entry.bytes - 8,
                              entry.bytes - 7,
                              entry.bytes - 1};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        folder_write(entry.name, entry.data, lengths[i]);
        assert_false(loads(&entry));
    }
    entry.data[entry.bytes] = 0;
    folder_write(entry.name, entry.data, entry.bytes + 1);
    assert_false(loads(&entry));
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 1); /* built anew, and whole from then on */
    expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    assert_int_equal(folder_count(programs), 1);
    release_entry(&entry);
}

/* Every byte of the heading, the sizes, the key and the sum, and many of the binary. */
static void altered(void **state) {
    (void)state;
    good_entry entry = make_entry();
    const size_t step = entry.bytes / 61 + 1;
    for (size_t i = 0; i < entry.bytes; i += i < 600 || i + 16 > entry.bytes ? 1 : step) {
        entry.data[i] ^= (unsigned char)(1U << (i % 8));
        folder_write(entry.name, entry.data, entry.bytes);
        assert_false(loads(&entry));
        entry.data[i] ^= (unsigned char)(1U << (i % 8));
    }
    folder_write(entry.name, entry.data, entry.bytes);
    assert_true(loads(&entry));
    release_entry(&entry);
}

/* Writes the entry with the sum that its bytes ask for. */
static void write_summed(const good_entry *entry, size_t bytes) {
    uint64_t sum = clf_hash(CLF_HASH_SEED, entry->data, bytes - sizeof sum);
    memcpy(entry->data + bytes - sizeof sum, &sum, sizeof sum);
    folder_write(entry->name, entry->data, bytes);
}

/* Another version, another key and a binary that is none, with their sums right. */
static void foreign(void **state) {
    (void)state;
    enum { SIZES = 19, KEY = SIZES + 16 };
    good_entry entry = make_entry();
    write_summed(&entry, entry.bytes);
    assert_true(loads(&entry));
    entry.data[17] = '2';
    write_summed(&entry, entry.bytes);
    assert_false(loads(&entry));
    entry.data[17] = '1';
    entry.data[KEY + 12] ^= 1;
    write_summed(&entry, entry.bytes);
    assert_false(loads(&entry));
    entry.data[KEY + 12] ^= 1;
    uint64_t key = 0, binary = 100;
    memcpy(&key, entry.data + SIZES, sizeof key);
    memcpy(entry.data + SIZES + sizeof key, &binary, sizeof binary);
    memset(entry.data + KEY + key, 'x', binary);
    write_summed(&entry, KEY + key + binary + sizeof(uint64_t));
    assert_false(loads(&entry));
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 1);
    expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    release_entry(&entry);
}

/* Only what is the user's own is run: no link, nobody else's file or folder, none that others may write to. */
static void not_our_own(void **state) {
    (void)state;
    good_entry entry = make_entry();
    char name[64], path[FOLDER_PATH];
    (void)snprintf(name, sizeof name, "%s", entry.name);
    assert_int_equal(chmod(folder_file(name), 0622), 0);
    assert_false(loads(&entry));
    assert_int_equal(chmod(folder_file(name), 0600), 0);
    assert_int_equal(chmod(folder_file(programs), 0777), 0);
    assert_false(loads(&entry));
    assert_int_equal(chmod(folder_file(programs), 0700), 0);
    assert_true(loads(&entry));
    if (geteuid() == 0) {
        assert_int_equal(chown(folder_file(name), 65534, 65534), 0);
        assert_false(loads(&entry));
        assert_int_equal(chown(folder_file(programs), 65534, 65534), 0);
        assert_int_equal(chown(folder_file(name), 0, 0), 0);
        assert_false(loads(&entry));
        assert_int_equal(chown(folder_file(programs), 0, 0), 0);
    }
    (void)snprintf(path, sizeof path, "%s", folder_file("elsewhere"));
    assert_int_equal(rename(folder_file(name), path), 0);
    assert_int_equal(symlink("../../elsewhere", folder_file(name)), 0);
    assert_false(loads(&entry));
    assert_int_equal(unlink(folder_file(name)), 0);
    assert_int_equal(mkdir(folder_file(name), 0700), 0);
    assert_false(loads(&entry));
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 2); /* neither read nor written, and no rubbish */
    assert_int_equal(folder_count(programs), 1);
    release_entry(&entry);
}

static void linked_folder(void **state) {
    (void)state;
    clf_error error = {0};
    clf_program_cache_info info = {.files = 77};
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    assert_int_equal(mkdir(folder_file("target"), 0700), 0);
    folder_write("target/0123456789abcdef", "precious", 8);
    assert_int_equal(symlink("../target", folder_file(programs)), 0);
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 2);
    check_fails(clf_program_cache_look(&info, &error), CLF_FILE_ERROR, "link");
    check_fails(clf_program_cache_clear(&error), CLF_FILE_ERROR, "link");
    assert_int_equal(info.files, 77);
    assert_int_equal(folder_count("target"), 1);
}

static void unwritable(void **state) {
    (void)state;
    clf_error error = {0};
    good_entry entry = make_entry();
    char name[64];
    (void)snprintf(name, sizeof name, "%s", entry.name);
    assert_int_equal(chmod(folder_file("clfilter"), 0755), 0); /* whoever it is that is denied must get there */
    folder_deny(programs, 0500);
    clf_status status = clf_program_cache_clear(&error);
    folder_give(programs);
    assert_int_equal(status, CLF_FILE_ERROR);
    assert_non_null(strstr(error.message, "could not remove everything"));
    assert_true(loads(&entry));
    assert_int_equal(unlink(folder_file(name)), 0);
    assert_int_equal(rmdir(folder_file(programs)), 0);
    folder_write(programs, "a file", 6);
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 2);
    check_fails(clf_program_cache_look(&(clf_program_cache_info){.files = 0}, &error), CLF_FILE_ERROR,
                "is not a folder");
    release_entry(&entry);
}

/* A file that may grow to half an entry stands for a disk with room for so much: nothing is kept, and that is said. */
static void full_disk(void **state) {
    (void)state;
    struct rlimit before, small;
    good_entry entry = make_entry();
    cl_program program = NULL;
    char name[64];
    (void)snprintf(name, sizeof name, "%s", entry.name);
    assert_true(clf_program_load(entry.context, entry.source, entry.options, &program));
    assert_int_equal(unlink(folder_file(name)), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = entry.bytes / 2, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    messages.warnings = 0;
    clf_program_store(entry.context, entry.source, entry.options, program);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(messages.warnings, 1);
    assert_int_equal(folder_count(programs), 0);
    clf_program_store(entry.context, entry.source, entry.options, program);
    assert_true(loads(&entry));
    check_cl(clReleaseProgram(program));
    release_entry(&entry);
}

/* Nothing of the way to the folder is there. */
static void missing(void **state) {
    (void)state;
    struct stat info;
    char cache[FOLDER_PATH], deep[FOLDER_PATH + 16];
    (void)snprintf(cache, sizeof cache, "%s", folder_path());
    (void)snprintf(deep, sizeof deep, "%s/not/there", cache);
    assert_int_equal(setenv("XDG_CACHE_HOME", deep, 1), 0);
    assert_int_equal(look().files, 0);
    assert_int_not_equal(stat(deep, &info), 0);
    expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
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
    bool right = filter(CLF_PROGRAM_CACHE_ON, &built);
    check_fails(clf_program_cache_clear(&error), CLF_INVALID_VALUE, "XDG_CACHE_HOME");
    check_fails(clf_program_cache_look(NULL, &error), CLF_NULL_ARGUMENT, "info is NULL");
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
    assert_int_equal(home == NULL ? 0 : setenv("HOME", home, 1), 0);
    free(home);
    assert_true(right && built.programs == 1 && built.disk_hits == 0);
    assert_non_null(strstr(messages.last, "neither XDG_CACHE_HOME nor HOME is set"));
}

/* Entries of 1,000 bytes, the first used longest ago, and things that are none. */
static void make_entries(int count) {
    static const char bytes[1000];
    char name[64];
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    assert_int_equal(mkdir(folder_file(programs), 0700), 0);
    for (int i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "%s/%016x", programs, 0xabc + (i * 7 % count));
        folder_write(name, bytes, sizeof bytes);
        const struct timespec times[2] = {{.tv_sec = 1000000 + i}, {.tv_sec = 1000000 + i}};
        assert_int_equal(utimensat(AT_FDCWD, folder_file(name), times, 0), 0);
    }
}

static bool there(const char *name) {
    char path[64];
    struct stat info;
    (void)snprintf(path, sizeof path, "%s/%s", programs, name);
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
    assert_int_equal(look().bytes, ENTRIES * 1000);
    assert_false(there("0123456789abcdef.oldone"));
    clf_program_folder_trim(folder_file(programs), 3500);
    for (int i = 0; i < ENTRIES; i++) {
        (void)snprintf(name, sizeof name, "%016x", 0xabc + (i * 7 % ENTRIES));
        assert_true(there(name) == (i >= 3));
    }
    clf_program_folder_trim(folder_file(programs), 3000);
    assert_int_equal(look().files, 3);
    clf_program_folder_trim(folder_file(programs), 0);
    assert_int_equal(look().files, 0);
    assert_true(there("notes") && there("0123456789abcdef.aBcDeF") && there("0000000000000000"));
    check_ok(clf_program_cache_clear(&error));
    assert_true(there("notes") && there("0000000000000000") && !there("0123456789abcdef.aBcDeF"));
    clf_program_folder_trim(folder_file("none"), 0);
}

/* What was used last stays longest, whenever it was written. */
static void used_last(void **state) {
    (void)state;
    good_entry entry = make_entry();
    const struct timespec long_ago[2] = {{.tv_sec = 5}, {.tv_sec = 5}};
    assert_int_equal(utimensat(AT_FDCWD, folder_file(entry.name), long_ago, 0), 0);
    folder_write("clfilter/programs/0123456789abcdef", "x", 1);
    const struct timespec later[2] = {{.tv_sec = 6}, {.tv_sec = 6}};
    assert_int_equal(utimensat(AT_FDCWD, folder_file("clfilter/programs/0123456789abcdef"), later, 0), 0);
    assert_true(loads(&entry));
    clf_program_folder_trim(folder_file(programs), entry.bytes);
    assert_false(there("0123456789abcdef"));
    assert_true(loads(&entry));
    release_entry(&entry);
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
    assert_int_equal(folder_count(programs), 1);
    assert_int_equal(folder_count("clfilter"), 1);
    run_processes("warm");
    assert_int_equal(folder_count(programs), 1);
}

static int be_process(const char *how) {
    clf_build_statistics built;
    bool right = filter(CLF_PROGRAM_CACHE_ON, &built) && messages.warnings == 0;
    bool hit = built.disk_hits == 1 && built.programs == 0;
    return right && (hit || strcmp(how, "cold") == 0) ? 0 : 1;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return be_process(arguments[1]);
    }
#define ROW(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        ROW(found_again),   ROW(truncated),  ROW(altered),         ROW(foreign),      ROW(not_our_own),
        ROW(linked_folder), ROW(unwritable), ROW(full_disk),       ROW(missing),      ROW(no_home),
        ROW(bounded),       ROW(used_last),  ROW(eight_processes), ROW(long_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

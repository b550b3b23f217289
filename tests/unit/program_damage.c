/* SPDX-License-Identifier: Apache-2.0 */
/* The disk cache of programs, its entries damaged in every way, not the user's own, or without room. */
#include "cached.h"

#include "base/hash.h"
#include "base/text.h"
#include "rt/program.h"
#include "rt/program_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void truncated(void **state) {
    (void)state;
    cached_entry entry = cached_make_entry();
    assert_true(cached_loads(&entry));
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
        assert_false(cached_loads(&entry));
    }
    entry.data[entry.bytes] = 0;
    folder_write(entry.name, entry.data, entry.bytes + 1);
    assert_false(cached_loads(&entry));
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 1); /* built anew, and whole from then on */
    cached_expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    assert_int_equal(folder_count(cached_programs), 1);
    cached_release_entry(&entry);
}

/* Every byte of the heading, the sizes, the key and the sum, and many of the binary. */
static void altered(void **state) {
    (void)state;
    cached_entry entry = cached_make_entry();
    const size_t step = entry.bytes / 61 + 1;
    for (size_t i = 0; i < entry.bytes; i += i < 600 || i + 16 > entry.bytes ? 1 : step) {
        entry.data[i] ^= (unsigned char)(1U << (i % 8));
        folder_write(entry.name, entry.data, entry.bytes);
        assert_false(cached_loads(&entry));
        entry.data[i] ^= (unsigned char)(1U << (i % 8));
    }
    folder_write(entry.name, entry.data, entry.bytes);
    assert_true(cached_loads(&entry));
    cached_release_entry(&entry);
}

/* Writes the entry with the sum that its bytes ask for. */
static void write_summed(const cached_entry *entry, size_t bytes) {
    uint64_t sum = clf_hash(CLF_HASH_SEED, entry->data, bytes - sizeof sum);
    memcpy(entry->data + bytes - sizeof sum, &sum, sizeof sum);
    folder_write(entry->name, entry->data, bytes);
}

/* Another version, another key and a binary that is none, with their sums right. */
static void foreign(void **state) {
    (void)state;
    enum { SIZES = 19, KEY = SIZES + 16 };
    cached_entry entry = cached_make_entry();
    write_summed(&entry, entry.bytes);
    assert_true(cached_loads(&entry));
    entry.data[17] = '2';
    write_summed(&entry, entry.bytes);
    assert_false(cached_loads(&entry));
    entry.data[17] = '1';
    entry.data[KEY + 12] ^= 1;
    write_summed(&entry, entry.bytes);
    assert_false(cached_loads(&entry));
    entry.data[KEY + 12] ^= 1;
    uint64_t key = 0, binary = 100;
    memcpy(&key, entry.data + SIZES, sizeof key);
    memcpy(entry.data + SIZES + sizeof key, &binary, sizeof binary);
    memset(entry.data + KEY + key, 'x', (size_t)binary);
    write_summed(&entry, (size_t)(KEY + key + binary + sizeof(uint64_t)));
    assert_false(cached_loads(&entry));
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 1);
    cached_expect(CLF_PROGRAM_CACHE_ON, 0, 1, 0);
    cached_release_entry(&entry);
}

/* Only what is the user's own is run: no link, nobody else's file or folder, none that others may write to. */
static void not_our_own(void **state) {
    (void)state;
    cached_entry entry = cached_make_entry();
    char name[64], path[FOLDER_PATH];
    (void)snprintf(name, sizeof name, "%s", entry.name);
    assert_int_equal(chmod(folder_file(name), 0622), 0);
    assert_false(cached_loads(&entry));
    assert_int_equal(chmod(folder_file(name), 0600), 0);
    assert_int_equal(chmod(folder_file(cached_programs), 0777), 0);
    assert_false(cached_loads(&entry));
    assert_int_equal(chmod(folder_file(cached_programs), 0700), 0);
    assert_true(cached_loads(&entry));
    if (geteuid() == 0) {
        assert_int_equal(chown(folder_file(name), 65534, 65534), 0);
        assert_false(cached_loads(&entry));
        assert_int_equal(chown(folder_file(cached_programs), 65534, 65534), 0);
        assert_int_equal(chown(folder_file(name), 0, 0), 0);
        assert_false(cached_loads(&entry));
        assert_int_equal(chown(folder_file(cached_programs), 0, 0), 0);
    }
    (void)snprintf(path, sizeof path, "%s", folder_file("elsewhere"));
    assert_int_equal(rename(folder_file(name), path), 0);
    assert_int_equal(symlink("../../elsewhere", folder_file(name)), 0);
    assert_false(cached_loads(&entry));
    assert_int_equal(unlink(folder_file(name)), 0);
    assert_int_equal(mkdir(folder_file(name), 0700), 0);
    assert_false(cached_loads(&entry));
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 2); /* neither read nor written, and no rubbish */
    assert_int_equal(folder_count(cached_programs), 1);
    cached_release_entry(&entry);
}

static void linked_folder(void **state) {
    (void)state;
    clf_error error = {0};
    clf_program_cache_info info = {.files = 77};
    assert_int_equal(mkdir(folder_file("clfilter"), 0700), 0);
    assert_int_equal(mkdir(folder_file("target"), 0700), 0);
    folder_write("target/0123456789abcdef", "precious", 8);
    assert_int_equal(symlink("../target", folder_file(cached_programs)), 0);
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 2);
    check_fails(clf_program_cache_look(&info, &error), CLF_FILE_ERROR, "link");
    check_fails(clf_program_cache_clear(&error), CLF_FILE_ERROR, "link");
    assert_int_equal(info.files, 77);
    assert_int_equal(folder_count("target"), 1);
}

static void unwritable(void **state) {
    (void)state;
    clf_error error = {0};
    cached_entry entry = cached_make_entry();
    char name[64];
    (void)snprintf(name, sizeof name, "%s", entry.name);
    assert_int_equal(chmod(folder_file("clfilter"), 0755), 0); /* whoever it is that is denied must get there */
    folder_deny(cached_programs, 0500);
    clf_status status = clf_program_cache_clear(&error);
    folder_give(cached_programs);
    assert_int_equal(status, CLF_FILE_ERROR);
    assert_non_null(strstr(error.message, "could not remove everything"));
    assert_true(cached_loads(&entry));
    assert_int_equal(unlink(folder_file(name)), 0);
    assert_int_equal(rmdir(folder_file(cached_programs)), 0);
    folder_write(cached_programs, "a file", 6);
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 2);
    check_fails(clf_program_cache_look(&(clf_program_cache_info){.files = 0}, &error), CLF_FILE_ERROR,
                "is not a folder");
    cached_release_entry(&entry);
}

/* A file that may grow to half an entry stands for a disk with room for so much: nothing is kept, and that is said. */
static void full_disk(void **state) {
    (void)state;
    struct rlimit before, small;
    cached_entry entry = cached_make_entry();
    cl_program program = NULL;
    char name[64];
    (void)snprintf(name, sizeof name, "%s", entry.name);
    assert_true(clf_program_load(entry.context, entry.source, entry.options, &program));
    assert_int_equal(unlink(folder_file(name)), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = entry.bytes / 2, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    cached_messages.warnings = 0;
    clf_program_store(entry.context, entry.source, entry.options, program);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(cached_messages.warnings, 1);
    assert_int_equal(folder_count(cached_programs), 0);
    clf_program_store(entry.context, entry.source, entry.options, program);
    assert_true(cached_loads(&entry));
    check_cl(clReleaseProgram(program));
    cached_release_entry(&entry);
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {ROW(truncated),     ROW(altered),    ROW(foreign),  ROW(not_our_own),
                                       ROW(linked_folder), ROW(unwritable), ROW(full_disk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

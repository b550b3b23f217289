/* SPDX-License-Identifier: Apache-2.0 */
/* test_output.c: a file appears whole or not at all, whatever goes wrong while it is written. */
#include "files.h"

#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = {"kept.npy", "kept.png", "kept.tif"};
enum { name_count = sizeof names / sizeof *names };

static int temporaries(void) {
    DIR *directory = opendir(".");
    int count = 0;
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        count += strstr(entry->d_name, ".tmp") != NULL;
    closedir(directory);
    return count;
}

static void expect_kept(const char *name) {
    size_t size;
    unsigned char *bytes = read_bytes(name, &size);
    assert_int_equal(size, 5);
    assert_memory_equal(bytes, "first", 5);
    free(bytes);
    assert_int_equal(temporaries(), 0);
}

static void a_full_disk_changes_nothing(void **state) {
    const int64_t shape[] = {300, 200};
    cli_image image = make_noise(CLF_U8, 2, shape, 1);
    struct rlimit before;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < name_count; i++)
        for (rlim_t limit = 0; limit < 60000; limit += 4099) {
            cli_error error = {0};
            struct rlimit small = {limit, before.rlim_max};
            write_bytes(names[i], "first", 5);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
            const bool written = image_write(names[i], &image, &error);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
            if (written)
                fail_msg("%s of 60000 bytes was written to a file limited to %ld", names[i], (long)limit);
            assert_int_equal(strncmp(error.message, names[i], strlen(names[i])), 0);
            if (!strstr(error.message, "the disk is full or gone") && !strstr(error.message, strerror(EFBIG)))
                fail_msg("a full disk is said as \"%s\"", error.message);
            assert_int_equal(error.exit_status, EXIT_FAILURE);
            expect_kept(names[i]);
        }
    signal(SIGXFSZ, SIG_DFL);
    image_free(&image);
}

static void a_signal_removes_the_temporary(void **state) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    (void)state;
    for (int i = 0; i < 3; i++) {
        int status;
        write_bytes("kept.npy", "first", 5);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            output_file output;
            cli_error error = {0};
            if (!output_open("kept.npy", &output, &error) || temporaries() != 1)
                _exit(1);
            raise(signals[i]);
            _exit(2);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        expect_kept("kept.npy");
    }
}

static void nobody_elses_file_is_touched(void **state) {
    const int64_t shape[] = {2};
    char theirs[64];
    size_t size;
    cli_image image = make_noise(CLF_F32, 1, shape, 1);
    cli_error error = {0};
    (void)state;
    snprintf(theirs, sizeof theirs, ".clfilter-%ld-0.tmp", (long)getpid());
    write_bytes(theirs, "first", 5);
    assert_true(image_write("new.npy", &image, &error));
    free(read_bytes(theirs, &size));
    assert_int_equal(size, 5);
    assert_int_equal(temporaries(), 1);
    unlink(theirs);
    unlink("new.npy");
    image_free(&image);
}

static void a_private_file_stays_private(void **state) {
    const int64_t shape[] = {2};
    struct stat status;
    cli_image image = make_noise(CLF_F32, 1, shape, 1);
    cli_error error = {0};
    (void)state;
    write_bytes("private.npy", "first", 5);
    assert_int_equal(chmod("private.npy", 0600), 0);
    assert_true(image_write("private.npy", &image, &error));
    assert_int_equal(stat("private.npy", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_true(status.st_size > 5);
    image_free(&image);
}

typedef struct refused_row {
    const char *path;
    const char *fragment;
} refused_row;

static const refused_row refused[] = {
    {"no/such/directory/x.npy", "no/such/directory/x.npy: cannot be written: No such file"},
    {"directory.npy", "directory.npy: exists and is not a regular file"},
    {"x.jpg", "x.jpg: the name must end in .npy, .png, .tif or .tiff"},
    {"x", "the name must end in"},
    {"", "the name must end in"},
    {"x.npy/", "the name must end in"},
    {"a.npy/b", "the name must end in"},
};

static void refuses_names_that_cannot_be_written(void **state) {
    const int64_t shape[] = {2, 2};
    cli_image image = make_noise(CLF_U8, 2, shape, 1);
    (void)state;
    mkdir("directory.npy", 0777);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        cli_error error = {0};
        assert_false(image_write(refused[i].path, &image, &error));
        if (!strstr(error.message, refused[i].fragment))
            fail_msg("'%s' gave '%s'; expected '%s'", refused[i].path, error.message, refused[i].fragment);
        assert_int_equal(temporaries(), 0);
    }
    image_free(&image);
}

static void extensions_have_any_case(void **state) {
    static const char *const paths[] = {"a.NPY", "b.Png", "c.TIF", "d.tiff", "e.TIFF"};
    const int64_t shape[] = {2, 2};
    cli_image image = make_noise(CLF_U8, 2, shape, 1);
    (void)state;
    for (int i = 0; i < 5; i++) {
        cli_error error = {0};
        cli_image back = {0};
        assert_true(image_write(paths[i], &image, &error) && image_read(paths[i], &back, &error));
        assert_memory_equal(back.array.data, image.array.data, 4);
        image_free(&back);
    }
    image_free(&image);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_changes_nothing),          cmocka_unit_test(a_signal_removes_the_temporary),
        cmocka_unit_test(nobody_elses_file_is_touched),         cmocka_unit_test(a_private_file_stays_private),
        cmocka_unit_test(refuses_names_that_cannot_be_written), cmocka_unit_test(extensions_have_any_case),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

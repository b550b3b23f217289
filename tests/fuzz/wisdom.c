/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzed: wisdom, as text and as the user's file. What was taken is written as text that is taken again, entry for
 * entry, and does plans no harm. An input is the text.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *export(clf_context *context) {
    size_t length = 0, again = 0;
    clf_error error = {0};
    fuzz_expect(clf_wisdom_export(context, NULL, 0, &length, &error) == CLF_OK, error.message);
    char *text = malloc(length + 1);
    fuzz_expect(text != NULL, "no memory");
    fuzz_expect(clf_wisdom_export(context, text, length + 1, &again, &error) == CLF_OK && again == length,
                "wisdom's length changes");
    return text;
}

static char folder[64]; /* of this process, in which the user's file lies */

static void remove_folder(void) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/clfilter/wisdom", folder);
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
    (void)rmdir(folder);
}

static void write_file(const uint8_t *data, size_t size) {
    char path[1200];
    clf_error error = {0};
    if (folder[0] == '\0') {
        (void)snprintf(folder, sizeof folder, "/tmp/clfilter-fuzz-XXXXXX");
        fuzz_expect(mkdtemp(folder) != NULL && setenv("XDG_CACHE_HOME", folder, 1) == 0, "no folder");
        fuzz_expect(atexit(remove_folder) == 0, "no exit");
    }
    clf_context *empty = fuzz_open(0);
    fuzz_expect(clf_wisdom_save(empty, &error) == CLF_OK, error.message); /* makes its folder */
    fuzz_close(empty);
    fuzz_expect(clf_wisdom_path(path, sizeof path, &error) == CLF_OK, error.message);
    FILE *file = fopen(path, "wb");
    fuzz_expect(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0, "the file is not written");
}

static void expect_equal_files(const uint8_t *data, size_t size, const char *text) {
    clf_error error = {0};
    size_t taken = 0;
    write_file(data, size);
    clf_context *context = fuzz_open(0);
    fuzz_expect_told(clf_wisdom_load(context, &taken, &error), &error);
    char *loaded = export(context);
    if (memchr(data, '\0', size) == NULL)
        fuzz_expect(strcmp(loaded, text) == 0, "a file's wisdom is another than its text's");
    free(loaded);
    fuzz_close(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    clf_context *context = fuzz_open(0), *second = fuzz_open(0);
    clf_error error = {0};
    size_t taken = 0, again = 0;
    fuzz_expect(clf_wisdom_import(context, text, &taken, &error) == CLF_OK, error.message);
    char *written = export(context);
    fuzz_expect(clf_wisdom_import(second, written, &again, &error) == CLF_OK && again <= taken, "wisdom multiplies");
    char *rewritten = export(second);
    fuzz_expect(strcmp(written, rewritten) == 0, "wisdom is not read as it was written");
    clf_plan *plan = NULL;
    fuzz_expect(clf_plan_from_line(context, "conv f32 16x16 k=3x3", NULL, &plan, &error) == CLF_OK, error.message);
    clf_plan_destroy(plan);
    clf_context_destroy(context);
    fuzz_close(second);
    expect_equal_files(data, size, written);
    free(rewritten);
    free(written);
    free(text);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runner of case lines. Each line is run with every solver that its operation has, judged against a reference in
 * double, and printed again, whole, if it fails. See src/check/.
 */
#include "clf_check_line.h"
#include "disguise.h"

#include "base/number.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { DEFAULT_RANDOM = 100 };

/* Runs or lists a batch; releases it. False where something failed. A full batch must have used every solver. */
static bool run_batch(const test_fixture *fixture, const check_options *options, line_batch *batch, const char *name,
                      bool all_solvers) {
    check_tally tally = {.name = name};
    for (size_t i = 0; i < batch->count; i++) {
        if (options->filter != NULL && strstr(batch->lines[i], options->filter) == NULL) {
            continue;
        }
        if (options->list) {
            (void)puts(batch->lines[i]);
        } else {
            check_line_run(fixture, options, batch->lines[i], &tally);
        }
    }
    bool good = !batch->failed && tally.failed == 0;
    batch_free(batch);
    if (options->list || (tally.lines == 0 && options->filter != NULL)) {
        return good;
    }
    (void)printf("%-10s %5zu lines, %zu failed", name, tally.lines, tally.failed);
    for (int i = 0; i < tally.solvers; i++) {
        (void)printf(", %s ran %zu", tally.solver[i], tally.applied[i]);
        if (all_solvers && options->filter == NULL && tally.applied[i] == 0) {
            (void)printf(" (a solver that never runs is never tested)");
            good = false;
        }
    }
    (void)printf("\n");
    return good && tally.lines > 0;
}

static bool run_operation(const test_fixture *fixture, const check_options *options, const test_operation *operation) {
    line_batch batch = {.count = 0};
    if (options->small) {
        operation->small(&batch);
    } else {
        operation->systematic(&batch);
    }
    int64_t random_lines = options->random >= 0 ? options->random : options->small ? 0 : DEFAULT_RANDOM;
    random_state random = random_begin(options->seed, operation->name);
    for (int64_t i = 0; i < random_lines; i++) {
        operation->random(&batch, &random);
    }
    return run_batch(fixture, options, &batch, operation->name, true);
}

static bool run_all(const test_fixture *fixture, const check_options *options) {
    bool good = true;
    if (options->line != NULL) {
        line_batch batch = {.count = 0};
        batch_add(&batch, "%s", options->line);
        return run_batch(fixture, options, &batch, "line", false);
    }
    for (int i = 0; operations[i] != NULL; i++) {
        if (check_options_want(options, operations[i]->name)) {
            good = run_operation(fixture, options, operations[i]) && good;
        }
    }
    for (int i = 0; properties[i].name != NULL && !options->small; i++) {
        if (check_options_want(options, properties[i].name)) {
            line_batch batch = {.count = 0};
            properties[i].systematic(&batch);
            good = run_batch(fixture, options, &batch, properties[i].name, false) && good;
        }
    }
    return good;
}

/* Opens the device, runs everything on it, and says how it went. */
static bool run_on_device(const check_options *options, bool as_gpu) {
    test_fixture fixture = {.context = NULL};
    if (!fixture_open(&fixture, options->oclgrind ? 0 : FIXTURE_GUARD, as_gpu)) {
        return false;
    }
    const clf_device_info *device = clf_context_device(fixture.context);
    (void)printf("device: %s (%s, %s)", device->name, device->platform, device->version);
    check_options_print_disguise();
    (void)printf("\n");
    bool good = run_all(&fixture, options);
    clf_build_statistics built = clf_context_build_statistics(fixture.context);
    (void)printf("%zu programs built in %s s, %zu times found built\n%s\n", built.programs,
                 clf_number_fixed(built.build_seconds, 1).text, built.hits, good ? "all passed" : "FAILED");
    fixture_close(&fixture);
    return good;
}

static bool write_launched(const char *path) {
    FILE *file = fopen(path, "w");
    bool good = file != NULL;
    for (size_t i = 0; good && disguise_launched(i) != NULL; i++) {
        good = fprintf(file, "%s\n", disguise_launched(i)) > 0;
    }
    good = (file == NULL || fclose(file) == 0) && good;
    if (!good) {
        (void)fprintf(stderr, "clf_check: %s cannot be written\n", path);
    }
    return good;
}

/* Tensors come and go by the thousand: what they lay in is not given back, whose pages would be cleared each time. */
static void keep_memory(void) {
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
    (void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

int main(int count, char **arguments) {
    check_options options = {.seed = 1, .random = -1};
    int stop = check_options_parse(count, arguments, &options);
    if (stop != 0) {
        return stop - 1;
    }
    if (options.list) {
        return run_all(NULL, &options) ? 0 : 1;
    }
    keep_memory();
    if (options.launched != NULL) {
        disguise_note_launches();
    }
    bool good = run_on_device(&options, options.as_gpu);
    if (options.oclgrind && !options.as_gpu) {
        good = run_on_device(&options, true) && good;
    }
    good = (options.launched == NULL || write_launched(options.launched)) && good;
    return good ? 0 : 1;
}

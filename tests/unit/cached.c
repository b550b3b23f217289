/* SPDX-License-Identifier: Apache-2.0 */
/* The disk cache of programs as its tests use it. */
#include "cached.h"

#include "base/hash.h"
#include "base/text.h"
#include "rt/program.h"
#include "rt/program_file.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 5, COLUMNS = 7, ELEMENTS = ROWS * COLUMNS, LARGEST = 1 << 20 };

const char cached_programs[] = "clfilter/programs";
folder_log cached_messages;

bool cached_filter(clf_program_cache cache, clf_build_statistics *built) {
    const int64_t shape[2] = {ROWS, COLUMNS};
    float values[ELEMENTS], result[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
        values[i] = (float)(3 * (i % COLUMNS) + 4 * (i / COLUMNS));
    }
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_context *context = folder_context(cache, &cached_messages);
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

void cached_expect(clf_program_cache cache, size_t built, size_t from_disk, size_t warnings) {
    clf_build_statistics statistics;
    assert_true(cached_filter(cache, &statistics));
    if (statistics.programs != built || statistics.disk_hits != from_disk || cached_messages.warnings != warnings) {
        fail_msg("%zu built, %zu from disk, %zu warnings; expected %zu, %zu, %zu; last: %s", statistics.programs,
                 statistics.disk_hits, cached_messages.warnings, built, from_disk, warnings, cached_messages.last);
    }
}

clf_program_cache_info cached_look(void) {
    clf_error error = {0};
    clf_program_cache_info info;
    check_ok(clf_program_cache_look(&info, &error));
    return info;
}

const char *cached_entry_name(void) {
    static char name[64];
    FILE *list = popen("ls -A \"$XDG_CACHE_HOME\"/clfilter/programs", "r");
    char digits[32] = "";
    assert_non_null(list);
    assert_int_equal(fscanf(list, "%31s", digits), 1);
    assert_int_equal(pclose(list), 0);
    (void)snprintf(name, sizeof name, "%s/%s", cached_programs, digits);
    return name;
}

/* True if the entry's key, which stands in it as text, begins with the source's name and length. */
static bool names_source(const cached_entry *entry) {
    char key[128];
    (void)snprintf(key, sizeof key, "%s %zu ", entry->source->name, entry->source->length);
    return memmem(entry->data, entry->bytes, key, strlen(key)) != NULL;
}

cached_entry cached_make_entry(void) {
    cached_entry entry = {.data = malloc(LARGEST), .source = clf_kernel_sources};
    assert_non_null(entry.data);
    cached_expect(CLF_PROGRAM_CACHE_ON, 1, 0, 0);
    (void)snprintf(entry.options, sizeof entry.options, "%s", cached_messages.options);
    entry.name = cached_entry_name();
    entry.bytes = folder_read(entry.name, entry.data, LARGEST);
    while (entry.source->name != NULL && !names_source(&entry)) { /* the solver that was chosen */
        entry.source++;
    }
    assert_non_null(entry.source->name);
    entry.context = folder_context(CLF_PROGRAM_CACHE_ON, &cached_messages);
    return entry;
}

void cached_release_entry(cached_entry *entry) {
    clf_context_destroy(entry->context);
    free(entry->data);
}

/* True where the cache gives a program; a warning is expected where it does not. */
bool cached_loads(const cached_entry *entry) {
    cl_program program = NULL;
    cached_messages.warnings = 0;
    bool loaded = clf_program_load(entry->context, entry->source, entry->options, &program);
    assert_int_equal(cached_messages.warnings, loaded ? 0 : 1);
    if (loaded) {
        check_cl(clReleaseProgram(program));
    }
    return loaded;
}

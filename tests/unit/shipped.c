/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom that comes with the library: whose table is read, what in it counts, and what damage does. */
#include "choose/wisdom.h"
#include "unit.h"

#include <stdio.h>

#define HEADING "clfilter-wisdom-table 1\n"
#define LINE "corr f32 64x64 k=3x3 border=reflect"

static const clf_solver direct = {.name = "conv.direct", .variants = 6}, general = {.name = "conv.general"};

static const clf_candidates candidates = {.count = 2, .choices = {{&direct, 0, 1e-3}, {&general, 0, 2e-3}}};

static const clf_device_info device = {
    .platform = "Portable Computing Language", .name = "pthread-skylake-avx512-Xeon", .type = CL_DEVICE_TYPE_CPU};

/* The choice that a table makes, or the one that stood before. */
static clf_choice choose(const char *table, const char *problem) {
    clf_choice choice = {&general, 7, 5};
    bool found = clf_wisdom_find_in(table, &device, problem, &candidates, &choice);
    assert_int_equal(found, choice.variant != 7);
    return choice;
}

static void expect(const char *table, const clf_solver *solver, int variant) {
    clf_choice choice = choose(table, LINE);
    assert_ptr_equal(choice.solver, solver);
    assert_int_equal(choice.variant, variant);
}

static void a_class_is_known_by_parts_of_its_names(void **state) {
    (void)state;
    expect(HEADING "class cpu|Portable|avx512\nconv.direct 2 " LINE "\n", &direct, 2);
    expect(HEADING "class cpu||\nconv.direct 2 " LINE "\n", &direct, 2);
    expect(HEADING "class gpu|Portable|avx512\nconv.direct 2 " LINE "\n", &general, 7);
    expect(HEADING "class cpu|Intel|avx512\nconv.direct 2 " LINE "\n", &general, 7);
    expect(HEADING "class cpu|Portable|neon\nconv.direct 2 " LINE "\n", &general, 7);
    expect(HEADING "class cpu|Portable|neon\nconv.direct 2 " LINE "\nclass cpu|Portable|avx\nconv.direct 3 " LINE "\n",
           &direct, 3);
}

static void only_the_problem_and_its_candidates_count(void **state) {
    (void)state;
#define CLASS HEADING "class cpu|Portable|avx512\n"
    expect(CLASS "# a remark\nconv.direct 1 " LINE "\n", &direct, 1);
    expect(CLASS "conv.direct 1 " LINE " cval=1\nconv.direct 4 " LINE "\n", &direct, 4);
    expect(CLASS "conv.direct 1 corr f32 64x64 k=3x3\n", &general, 7);
    expect(CLASS "conv.tile 0 " LINE "\n", &general, 7);
    expect(CLASS "conv.direct 6 " LINE "\n", &general, 7); /* it has six variants */
    expect(CLASS "conv.general 0 " LINE "\n", &general, 0);
    expect(CLASS "#conv.direct 1 " LINE "\n", &general, 7);
    assert_ptr_equal(choose(CLASS "conv.direct 1 " LINE "\n", "corr f32 64x64 k=5x5 border=reflect").solver, &general);
}

static void damage_does_no_harm(void **state) {
    (void)state;
    expect("", &general, 7);
    expect("clfilter-wisdom-table 2\nclass cpu||\nconv.direct 2 " LINE "\n", &general, 7);
    expect(HEADING, &general, 7);
    expect(HEADING "conv.direct 2 " LINE "\n", &general, 7);
    expect(HEADING "class cpu\nconv.direct 2 " LINE "\n", &general, 7);
    expect(CLASS "conv.direct 2 " LINE, &general, 7);
    expect(CLASS "\n\nconv.direct\nconv.direct 2\n \nconv.direct x " LINE "\nconv.direct  " LINE "\n", &general, 7);
}

/* A table shipped is one that can be read, of solvers that exist, for problems that plan. */
static void shipped_tables_are_sound(void **state) {
    for (const char *const *table = clf_wisdom_tables; *table != NULL; table++) {
        assert_memory_equal(*table, HEADING, sizeof HEADING - 1);
        int classes = 0;
        for (const char *line = *table + sizeof HEADING - 1; *line != '\0'; line = strchr(line, '\n') + 1) {
            char text[1024];
            const char *end = strchr(line, '\n'), *variant = strchr(line, ' ');
            assert_non_null(end);
            classes += strncmp(line, "class ", 6) == 0;
            if (*line == '#' || strncmp(line, "class ", 6) == 0)
                continue;
            assert_true(classes > 0 && variant != NULL && variant < end && end - line < (long)sizeof text);
            const char *problem = strchr(variant + 1, ' ') + 1;
            clf_error error = {0};
            clf_plan *plan = NULL;
            (void)snprintf(text, sizeof text, "%.*s", (int)(variant - line), line);
            const clf_plan_options options = {.solver = text};
            char copy[1024];
            (void)snprintf(copy, sizeof copy, "%.*s", (int)(end - problem), problem);
            check_ok(clf_plan_from_line(*state, copy, &options, &plan, &error));
            assert_string_equal(clf_plan_problem(plan), copy);
            clf_plan_destroy(plan);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_is_known_by_parts_of_its_names),
        cmocka_unit_test(only_the_problem_and_its_candidates_count),
        cmocka_unit_test(damage_does_no_harm),
        cmocka_unit_test(shipped_tables_are_sound),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}

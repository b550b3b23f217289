/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzed: problem lines. What a line plans prints as a line that plans the same; what is refused is refused with a
 * sentence. An input is the line.
 */
#include "check/case.h"
#include "check/fixture.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 600, MOST_MADE_UP = 100000 };

/* Kernels and indices of a line are made up in memory: many of them are not wrong, but not quick. */
static bool is_quick(const char *text) {
    static const char *const keys[] = {"k=", "count="};
    for (int i = 0; i < 2; i++)
        for (const char *at = strstr(text, keys[i]); at != NULL; at = strstr(at, keys[i])) {
            double count = 1;
            char *end = NULL;
            at += strlen(keys[i]);
            do {
                count *= (double)strtoll(at, &end, 10);
                at = end + (*end == 'x');
            } while (*end == 'x');
            if (count > MOST_MADE_UP)
                return false;
        }
    return true;
}

static void expect_same_again(clf_context *context, const clf_plan *plan) {
    clf_plan *again = NULL;
    clf_error error = {0};
    clf_status status = clf_plan_from_line(context, clf_plan_problem(plan), NULL, &again, &error);
    fuzz_expect(status != CLF_PARSE_ERROR, error.message);
    fuzz_expect(again == NULL || strcmp(clf_plan_problem(plan), clf_plan_problem(again)) == 0,
                "a problem's line is read back as another problem's");
    clf_plan_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[LONGEST + 1];
    if (size > LONGEST)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!is_quick(text))
        return 0;
    clf_context *context = fuzz_open(0);
    clf_plan *plan = NULL;
    clf_error error = {0};
    fuzz_expect_told(clf_plan_from_line(context, text, NULL, &plan, &error), &error);
    if (plan != NULL)
        expect_same_again(context, plan);
    fuzz_use_plan(context, plan);
    fuzz_close(context);
    test_case test;
    char why[WHY_LENGTH] = "";
    fuzz_expect(case_parse(text, &test, why) || why[0] != '\0', "a case is refused without a sentence");
    case_close(&test);
    return 0;
}

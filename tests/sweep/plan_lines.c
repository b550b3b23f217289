/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans every problem line of its standard input on a device that is none (tests/fake), and prints those that the
 * library refuses, with its sentence. The exit status is 1 if there are any, or no line at all.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 1000 };

static bool plans(clf_context *context, const char *line) {
    clf_plan *plan = NULL;
    clf_error error = {0};
    const bool accepted = clf_plan_from_line(context, line, NULL, &plan, &error) == CLF_OK;
    if (!accepted)
        (void)printf("%s\n    %s\n", line, error.message);
    clf_plan_destroy(plan);
    return accepted;
}

int main(void) {
    char line[LONGEST];
    long lines = 0;
    long refused = 0;
    clf_context *context = fuzz_open(0);
    for (; fgets(line, sizeof line, stdin) != NULL; lines++) {
        line[strcspn(line, "\n")] = '\0';
        refused += !plans(context, line);
    }
    fuzz_close(context);
    (void)printf("%ld lines, %ld refused\n", lines, refused);
    return lines == 0 || refused > 0;
}

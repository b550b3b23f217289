/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strides, dilations, groups, biases and all gradients against torch.nn.functional.conv2d: every solver, and the
 * reference of the case lines too, must give the numbers of torch_conv2d.txt (see make_torch_conv2d.py) exactly.
 *
 * usage: torch_conv2d torch_conv2d.txt
 */
#include "check/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 1 << 16 };

/* The same values as make_torch_conv2d.py gives to input `tensor`. */
static void fill_inputs(test_case *test) {
    for (int tensor = 0; tensor < test->inputs; tensor++) {
        for (int64_t i = 0; i < spec_count(&test->input[tensor]); i++) {
            test->values[tensor][i] = (double)((i * (7 + 2 * tensor) + 3 * tensor + i / 5) % 9 - 4);
        }
    }
}

/* Replaces the expected values by torch's; the reference must have had the same. */
static bool read_expected(test_case *test, char *numbers, char *why) {
    char *next = numbers;
    for (int64_t i = 0; i < spec_count(&test->output); i++) {
        char *end = next;
        double value = strtod(next, &end);
        if (end == next) {
            (void)snprintf(why, WHY_LENGTH, "the record has only %lld numbers", (long long)i);
            return false;
        }
        if (!(test->expected[i] == value)) {
            (void)snprintf(why, WHY_LENGTH, "the reference's number %lld is %.17g, torch's %.17g", (long long)i,
                           test->expected[i], value);
            return false;
        }
        test->expected[i] = value;
        test->tolerance[i] = 0;
        next = end;
    }
    if (strtok(next, " \n") != NULL) {
        (void)snprintf(why, WHY_LENGTH, "the record has more numbers than the output");
        return false;
    }
    return true;
}

/* Runs one record with every solver; how many ran, or -1 and a message. */
static int run_record(const test_fixture *fixture, const char *line, char *numbers) {
    char why[WHY_LENGTH] = "";
    test_case test;
    int ran = 0;
    bool good = case_parse(line, &test, why) && case_fill(&test, why);
    if (good) {
        fill_inputs(&test);
        test.operation->reference(&test);
        good = read_expected(&test, numbers, why);
    }
    for (int i = 0; good && test.operation->solvers[i] != NULL; i++) {
        outcome result = test.operation->run(fixture, &test, test.operation->solvers[i], why);
        good = result != OUTCOME_FAILED && (i > 0 || result == OUTCOME_PASSED);
        ran += result == OUTCOME_PASSED;
        if (!good) {
            (void)printf("%s: ", test.operation->solvers[i]);
        }
    }
    case_close(&test);
    if (!good) {
        (void)printf("%s\n  %s\n", line, why);
    }
    return good ? ran : -1;
}

static int run_file(const test_fixture *fixture, FILE *file) {
    static char line[MOST_TEXT], numbers[MOST_TEXT];
    int records = 0, runs = 0, failed = 0;
    while (fgets(line, sizeof line, file) != NULL && fgets(numbers, sizeof numbers, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        int ran = run_record(fixture, line, numbers);
        records++;
        failed += ran < 0;
        runs += ran < 0 ? 0 : ran;
    }
    (void)printf("%d records, %d runs, %d failed\n", records, runs, failed);
    return records > 0 && failed == 0 ? 0 : 1;
}

int main(int count, char **arguments) {
    test_fixture fixture;
    FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (file == NULL) {
        (void)fprintf(stderr, "usage: torch_conv2d torch_conv2d.txt\n");
        return 2;
    }
    int status = 1;
    if (fixture_open(&fixture, FIXTURE_GUARD, false)) {
        status = run_file(&fixture, file);
        fixture_close(&fixture);
    }
    (void)fclose(file);
    return status;
}

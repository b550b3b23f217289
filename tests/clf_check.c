/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runner of case lines. Each line is run with every solver that its operation has, judged against a reference in
 * double, and printed again, whole, if it fails. See src/check/.
 */
#include "check/case.h"
#include "disguise.h"

#include "base/number.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { MAX_SOLVERS = 16, MAX_PRINTED = 40 };

typedef struct check_options {
    const char *filter; /* run only lines that hold this text */
    const char *line;   /* run this line and no other */
    uint64_t seed;
    int64_t random; /* random lines an operation; -1: the default */
    bool list, small, oclgrind, as_gpu, verbose;
    const char *launched; /* a file for the names of the kernels that are launched; NULL: none */
    char **names;         /* operations and properties to run; none: all */
    int name_count;
} check_options;

/* What became of the lines of one operation or property. */
typedef struct check_tally {
    const char *name;
    size_t lines, failed;
    const char *solver[MAX_SOLVERS];
    size_t applied[MAX_SOLVERS];
    int solvers;
} check_tally;

enum { DEFAULT_RANDOM = 100 };

static const char usage[] =
    "usage: clf_check [options] [NAME...]\n"
    "Runs case lines, with every solver, against a reference in double. NAME is an operation or a property;\n"
    "without any, all are run.\n"
    "  --filter TEXT   only lines that hold TEXT\n"
    "  --line LINE     this line alone, such as 'conv f32 3x40x50 k=5x5 border=periodic'\n"
    "  --random N      N random lines for each operation (default 100)\n"
    "  --seed N        the seed that random lines come from (default 1)\n"
    "  --list          print the lines instead of running them\n"
    "  --as-gpu        have the device report itself as a GPU, and so test what the library does on one\n"
    "  --work-group-limit N  have it allow N work-items a work-group, and refuse more\n"
    "  --group-limit N  have it allow N work-groups along y, and along z\n"
    "  --without-builtins  have its compiler be another than clang, and lack clang's functions\n"
    "  --without-fma   have it lack a fast fma(), and round products before they are added to\n"
    "  --launched FILE  write there which kernels were launched, by name, one a line\n"
    "  --small         few small lines of each operation\n"
    "  --oclgrind      the same, and no guards round buffers, for an interpreter that watches every access;\n"
    "                  as the device is, then as a GPU\n"
    "  --verbose       print every line and what became of it\n"
    "  --help          this text\n";

static bool parse_number(const char *text, int64_t low, int64_t *value) {
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || number < low) {
        (void)fprintf(stderr, "clf_check: '%s' is not a whole number from %lld up\n", text, (long long)low);
        return false;
    }
    *value = number;
    return true;
}

/* 0: go on; otherwise the exit status and one. */
static int parse_options(int count, char **arguments, check_options *options) {
    static const struct option table[] = {{"filter", required_argument, NULL, 'f'},
                                          {"line", required_argument, NULL, 'l'},
                                          {"random", required_argument, NULL, 'r'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"list", no_argument, NULL, 'L'},
                                          {"oclgrind", no_argument, NULL, 'o'},
                                          {"as-gpu", no_argument, NULL, 'g'},
                                          {"work-group-limit", required_argument, NULL, 'w'},
                                          {"group-limit", required_argument, NULL, 'y'},
                                          {"without-builtins", no_argument, NULL, 'b'},
                                          {"without-fma", no_argument, NULL, 'm'},
                                          {"launched", required_argument, NULL, 'k'},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {"small", no_argument, NULL, 'S'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    int64_t number = 0;
    for (int key = 0; (key = getopt_long(count, arguments, "", table, NULL)) != -1;) {
        switch (key) {
        case 'f': options->filter = optarg; break;
        case 'l': options->line = optarg; break;
        case 'L': options->list = true; break;
        case 'o': options->oclgrind = options->small = true; break;
        case 'S': options->small = true; break;
        case 'g': options->as_gpu = true; break;
        case 'b': disguise.without_builtins = true; break;
        case 'm': disguise.without_fma = true; break;
        case 'k': options->launched = optarg; break;
        case 'v': options->verbose = true; break;
        case 'h': (void)fputs(usage, stdout); return 1;
        case 'r':
        case 's':
        case 'w':
        case 'y':
            if (!parse_number(optarg, key == 'w' || key == 'y' ? 1 : 0, &number)) {
                return 3;
            }
            disguise.work_group = key == 'w' ? (size_t)number : disguise.work_group;
            disguise.groups = key == 'y' ? (size_t)number : disguise.groups;
            options->random = key == 'r' ? number : options->random;
            options->seed = key == 's' ? (uint64_t)number : options->seed;
            break;
        default: (void)fputs(usage, stderr); return 3;
        }
    }
    options->names = arguments + optind;
    options->name_count = count - optind;
    for (int i = 0; i < options->name_count; i++) {
        if (operation_find(options->names[i]) == NULL && property_find(options->names[i]) == NULL) {
            (void)fprintf(stderr, "clf_check: '%s' is neither an operation nor a property\n", options->names[i]);
            return 3;
        }
    }
    return 0;
}

static bool wanted(const check_options *options, const char *name) {
    for (int i = 0; i < options->name_count; i++) {
        if (strcmp(options->names[i], name) == 0) {
            return true;
        }
    }
    return options->name_count == 0;
}

static void count_solver(check_tally *tally, const char *solver, bool applied) {
    int at = 0;
    while (at < tally->solvers && strcmp(tally->solver[at], solver) != 0) {
        at++;
    }
    if (at == tally->solvers && at < MAX_SOLVERS) {
        tally->solver[tally->solvers++] = solver;
    }
    if (at < MAX_SOLVERS && applied) {
        tally->applied[at]++;
    }
}

/* Prints the options that the device's disguise came from. */
static void print_disguise(void) {
    (void)printf("%s", disguise.as_gpu ? " --as-gpu" : "");
    if (disguise.work_group > 0) {
        (void)printf(" --work-group-limit %zu", disguise.work_group);
    }
    if (disguise.groups > 0) {
        (void)printf(" --group-limit %zu", disguise.groups);
    }
    (void)printf("%s%s", disguise.without_builtins ? " --without-builtins" : "",
                 disguise.without_fma ? " --without-fma" : "");
}

static void report_failure(check_tally *tally, const char *solver, const char *text, const char *why) {
    tally->failed++;
    if (tally->failed <= MAX_PRINTED) {
        (void)printf("FAIL %s: %s\n     clf_check", solver, why);
        print_disguise();
        (void)printf(" --line '%s%s%s'\n", text,
                     strchr(solver, '.') == NULL || strstr(text, "solver=") != NULL ? "" : " solver=",
                     strchr(solver, '.') == NULL || strstr(text, "solver=") != NULL ? "" : solver);
    }
}

/* What a plan prints as its problem must be read back as a plan of that same problem. */
static bool reads_back(const test_fixture *fixture, const clf_plan *plan, char *why) {
    clf_plan *again = NULL;
    clf_error error = {0};
    const char *line = clf_plan_problem(plan);
    bool good = clf_plan_from_line(fixture->context, line, NULL, &again, &error) == CLF_OK;
    if (!good) {
        (void)snprintf(why, WHY_LENGTH, "its problem '%.150s' is not read back: %.150s", line, error.message);
    } else if (strcmp(line, clf_plan_problem(again)) != 0) {
        good = false;
        (void)snprintf(why, WHY_LENGTH, "its problem '%.150s' is read back as '%.150s'", line, clf_plan_problem(again));
    }
    clf_plan_destroy(again);
    return good;
}

/* The same line is one of the tests' own, of as many elements. */
static bool reads_here(const test_case *test, const clf_plan *plan, char *why) {
    if (strstr(clf_plan_problem(plan), "_strides=") != NULL) {
        return true; /* the tests have words of their own for layouts */
    }
    char wrong[WHY_LENGTH] = "";
    test_case printed;
    bool good = case_parse(clf_plan_problem(plan), &printed, wrong);
    if (good && (spec_count(&printed.output) != spec_count(&test->output) ||
                 spec_count(&printed.input[0]) != spec_count(&test->input[0]))) {
        good = false;
        (void)snprintf(wrong, sizeof wrong, "it has other numbers of elements than the plan's tensors");
    }
    case_close(&printed);
    if (!good) {
        (void)snprintf(why, WHY_LENGTH, "the plan's problem is '%.150s', and %.150s", clf_plan_problem(plan), wrong);
    }
    return good;
}

/* The planner must find a plan of its own accord too. */
static bool planner_chooses(const test_fixture *fixture, const test_case *test, char *why) {
    case_operands operands;
    clf_plan *plan = NULL;
    bool good = operands_create(fixture, test, &operands, why) &&
                case_plan(fixture, test, &operands, NULL, &plan, why) == OUTCOME_PASSED &&
                reads_back(fixture, plan, why) && reads_here(test, plan, why);
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return good;
}

static void run_solver(const test_fixture *fixture, const check_options *options, test_case *test, const char *solver,
                       check_tally *tally) {
    char why[WHY_LENGTH] = "";
    outcome result = case_run(fixture, test, solver, why);
    bool safest = strcmp(solver, test->operation->solvers[0]) == 0;
    if (result == OUTCOME_NOT_APPLICABLE && (safest || test->solver[0] != '\0')) {
        (void)snprintf(why, sizeof why,
                       "this solver must take every problem, or was asked for by name, and does not take this");
        result = OUTCOME_FAILED;
    }
    count_solver(tally, solver, result != OUTCOME_NOT_APPLICABLE);
    if (result == OUTCOME_FAILED) {
        report_failure(tally, solver, test->text, why);
    }
    if (options->verbose) {
        static const char *const words[] = {"pass", "FAIL", "n/a "};
        (void)printf("%s %-15s %s\n", words[result], solver, test->text);
    }
}

static void run_case(const test_fixture *fixture, const check_options *options, test_case *test, check_tally *tally) {
    char why[WHY_LENGTH] = "";
    const char *const *solvers = test->operation->solvers;
    if (!case_fill(test, why)) {
        report_failure(tally, "test", test->text, why);
        return;
    }
    if (test->property == NULL && test->solver[0] == '\0' && !test->operation->part &&
        !planner_chooses(fixture, test, why)) {
        report_failure(tally, "planner", test->text, why);
    }
    bool known = false;
    for (int i = 0; solvers[i] != NULL; i++) {
        if (test->solver[0] == '\0' || strcmp(test->solver, solvers[i]) == 0) {
            run_solver(fixture, options, test, solvers[i], tally);
            known = true;
        }
    }
    if (!known) {
        (void)snprintf(why, sizeof why, "%s has no solver '%s'", test->operation->name, test->solver);
        report_failure(tally, "test", test->text, why);
    }
}

static void run_line(const test_fixture *fixture, const check_options *options, const char *text, check_tally *tally) {
    test_case test;
    char why[WHY_LENGTH] = "";
    tally->lines++;
    if (!case_parse(text, &test, why)) {
        report_failure(tally, "test", text, why);
    } else if ((test.input[0].dtype == CLF_F64 && !fixture->has_f64) || (test.cpu_only && fixture->as_gpu)) {
        tally->lines--;
    } else {
        run_case(fixture, options, &test, tally);
    }
    case_close(&test);
    (void)fflush(stdout);
}

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
            run_line(fixture, options, batch->lines[i], &tally);
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
        if (wanted(options, operations[i]->name)) {
            good = run_operation(fixture, options, operations[i]) && good;
        }
    }
    for (int i = 0; properties[i].name != NULL && !options->small; i++) {
        if (wanted(options, properties[i].name)) {
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
    print_disguise();
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
    int stop = parse_options(count, arguments, &options);
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

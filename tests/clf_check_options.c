/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the runner of case lines, and what they mean. */
#include "clf_check_options.h"

#include "check/case.h"
#include "disguise.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    "  --native-lanes N  have it report registers of N f32 elements\n"
    "  --without-builtins  have its compiler be another than clang, and lack clang's functions\n"
    "  --without-fma   have it lack a fast fma(), and round products before they are added to\n"
    "  --unoptimised   have its compiler take kernels as they are written: programs are built in half the time\n"
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

int check_options_parse(int count, char **arguments, check_options *options) {
    static const struct option table[] = {{"filter", required_argument, NULL, 'f'},
                                          {"line", required_argument, NULL, 'l'},
                                          {"random", required_argument, NULL, 'r'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"list", no_argument, NULL, 'L'},
                                          {"oclgrind", no_argument, NULL, 'o'},
                                          {"as-gpu", no_argument, NULL, 'g'},
                                          {"work-group-limit", required_argument, NULL, 'w'},
                                          {"group-limit", required_argument, NULL, 'y'},
                                          {"native-lanes", required_argument, NULL, 'n'},
                                          {"without-builtins", no_argument, NULL, 'b'},
                                          {"without-fma", no_argument, NULL, 'm'},
                                          {"unoptimised", no_argument, NULL, 'u'},
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
        case 'u': disguise.unoptimised = true; break;
        case 'k': options->launched = optarg; break;
        case 'v': options->verbose = true; break;
        case 'h': (void)fputs(usage, stdout); return 1;
        case 'r':
        case 's':
        case 'w':
        case 'y':
        case 'n':
            if (!parse_number(optarg, key == 'w' || key == 'y' || key == 'n' ? 1 : 0, &number)) {
                return 3;
            }
            disguise.work_group = key == 'w' ? (size_t)number : disguise.work_group;
            disguise.groups = key == 'y' ? (size_t)number : disguise.groups;
            disguise.native_lanes = key == 'n' ? (unsigned)number : disguise.native_lanes;
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

bool check_options_want(const check_options *options, const char *name) {
    for (int i = 0; i < options->name_count; i++) {
        if (strcmp(options->names[i], name) == 0) {
            return true;
        }
    }
    return options->name_count == 0;
}

void check_options_print_disguise(void) {
    (void)printf("%s", disguise.as_gpu ? " --as-gpu" : "");
    if (disguise.work_group > 0) {
        (void)printf(" --work-group-limit %zu", disguise.work_group);
    }
    if (disguise.groups > 0) {
        (void)printf(" --group-limit %zu", disguise.groups);
    }
    if (disguise.native_lanes > 0) {
        (void)printf(" --native-lanes %u", disguise.native_lanes);
    }
    (void)printf("%s%s%s", disguise.without_builtins ? " --without-builtins" : "",
                 disguise.without_fma ? " --without-fma" : "", disguise.unoptimised ? " --unoptimised" : "");
}

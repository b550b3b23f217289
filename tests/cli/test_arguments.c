/* SPDX-License-Identifier: Apache-2.0 */
/* test_arguments.c: what a command line means, and every way in which one can be wrong. */
#include "files.h"

#include "commands.h"
#include "kernel.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_words = 32 };

/* getopt keeps its place in the last argument it refused, which is gone by now. */
static void reset_getopt(void) {
    char name[] = "clfilter";
    char *nothing[] = {name, NULL};
    optind = 0;
    (void)getopt_long(1, nothing, "", (struct option[1]){{0}}, NULL);
}

/* Splits a line at spaces and parses it as the arguments of its first word, a command. */
static bool parse(const char *line, cli_settings *settings, const char *operands[MAX_OPERANDS], cli_error *error) {
    static const cli_command *const commands[] = {&command_cache,      &command_devices,  &command_convolve,
                                                  &command_correlate,  &command_gradient, &command_edges,
                                                  &command_smoothness, &command_match};
    static char copy[512]; /* settings and operands point into it */
    char *words[most_words + 1] = {NULL};
    int count = 0;
    reset_getopt();
    assert_true(snprintf(copy, sizeof copy, "%s", line) < (int)sizeof copy);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        assert_true(count < most_words);
        words[count++] = strcmp(word, "EMPTY") == 0 ? word + strlen(word) : word;
    }
    const char *name = words[0] ? words[0] : "";
    *settings = (cli_settings){0};
    *error = (cli_error){0};
    operands[0] = operands[1] = NULL;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return options_parse(commands[i], count, words, settings, operands, error);
    fail_msg("no command: %s", line);
    return false;
}

typedef struct operand_row {
    const char *line;
    const char *operands[2];
} operand_row;

static const operand_row operand_rows[] = {
    {"convolve a b -o c", {"a", "b"}},
    {"convolve -o c a b", {"a", "b"}},
    {"convolve a -o c b", {"a", "b"}},
    {"convolve a -oc b", {"a", "b"}},
    {"convolve a -1,0,1 -o c", {"a", "-1,0,1"}},
    {"convolve a -.5,1 -o c --quiet", {"a", "-.5,1"}},
    {"correlate -o c -- -a --quiet", {"-a", "--quiet"}},
    {"correlate -- a -1 -o", {NULL, NULL}},
    {"correlate -o c -- a --", {"a", "--"}},
    {"correlate -o -- a b", {"a", "b"}},
    {"correlate - b -o c", {"-", "b"}},
    {"convolve a --time 5 b -o c", {"a", "b"}},
    {"convolve a --time b -o c", {"a", "b"}},
    {"convolve a --time 5b -o c", {"a", "5b"}},
    {"convolve a --time -5,1 -o c", {"a", "-5,1"}},
    {"convolve a --time=5 5 -o c", {"a", "5"}},
    {"gradient a --scale -1 -o c", {"a", NULL}},
    {"convolve a b --origin -1,1 --cval -3 -o c", {"a", "b"}},
};

static void operands_are_told_from_options(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof operand_rows / sizeof *operand_rows; i++) {
        const operand_row *row = &operand_rows[i];
        const char *operands[MAX_OPERANDS];
        cli_settings settings;
        cli_error error;
        const bool ok = parse(row->line, &settings, operands, &error);
        if (ok != (row->operands[0] != NULL))
            fail_msg("%s: %s", row->line, error.message);
        for (int k = 0; ok && k < 2; k++)
            if ((operands[k] == NULL) != (row->operands[k] == NULL) ||
                (operands[k] && strcmp(operands[k], row->operands[k]) != 0))
                fail_msg("%s: operand %d is %s", row->line, k, operands[k]);
    }
}

static void values_arrive(void **state) {
    const char *operands[MAX_OPERANDS];
    cli_settings s;
    cli_error error;
    (void)state;
    assert_true(
        parse("convolve a b -o c --border periodic,replicate --cval -2.5 --mode full --origin -1,2,-3 --dtype f32 "
              "--device gpu --explain --time 7 --quiet",
              &s, operands, &error));
    assert_string_equal(s.output, "c");
    assert_int_equal(s.border_count, 2);
    assert_int_equal(s.border[0], CLF_BORDER_PERIODIC);
    assert_int_equal(s.border[1], CLF_BORDER_REPLICATE);
    assert_true(s.cval == -2.5);
    assert_int_equal(s.mode, CLF_MODE_FULL);
    assert_int_equal(s.origin_count, 3);
    assert_true(s.origin[0] == -1 && s.origin[1] == 2 && s.origin[2] == -3);
    assert_true(s.has_dtype && s.dtype == CLF_F32);
    assert_string_equal(s.device, "gpu");
    assert_true(s.explain && s.quiet && s.runs == 7);
    assert_true(
        parse("gradient a -o c --operator sobel --output magnitude --scale 0.25 --border constant --cval inf --time",
              &s, operands, &error));
    assert_int_equal(s.gradient_operator, CLF_GRADIENT_SOBEL);
    assert_true(s.scale == 0.25 && isinf(s.cval) && s.runs == 10 && !s.quiet && !s.explain && !s.has_dtype);
    assert_true(parse("correlate a b -o c --stride 2 --dilation 1,3 --groups 4 --bias d --solver general", &s, operands,
                      &error));
    assert_true(s.stride_count == 1 && s.stride[0] == 2 && s.dilation_count == 2 && s.dilation[1] == 3 &&
                s.groups == 4);
    assert_string_equal(s.bias, "d");
    assert_string_equal(s.solver, "conv.general");
    assert_int_equal(s.effort, CLF_ESTIMATE);
    assert_true(parse("correlate a b -o c --effort measure", &s, operands, &error) && s.effort == CLF_MEASURE);
    assert_true(parse("gradient a -o c --effort exhaustive", &s, operands, &error) && s.effort == CLF_EXHAUSTIVE);
    assert_true(parse("convolve a b -o c --alpha separate", &s, operands, &error) && s.separate_alpha);
    assert_true(parse("gradient a -o c --alpha premultiply", &s, operands, &error) && !s.separate_alpha);
    assert_false(parse("gradient a -o c --alpha straight", &s, operands, &error));
    assert_true(parse("cache --clear --json", &s, operands, &error) && s.clear && s.json);
    assert_true(parse("devices --json", &s, operands, &error) && s.json);
    assert_true(parse("gradient --help", &s, operands, &error) && s.help);
    assert_true(parse("convolve a b c d --version", &s, operands, &error) == false);
    assert_true(parse("convolve --version", &s, operands, &error) && s.version);
}

typedef struct refused_row {
    const char *line;
    const char *fragment;
} refused_row;

static const refused_row refused[] = {
    {"convolve", "an operand is missing; 'clfilter convolve' takes IN KERNEL"},
    {"convolve a -o c", "an operand is missing"},
    {"gradient -o c", "'clfilter gradient' takes IN"},
    {"gradient a b -o c", "b: one operand too many"},
    {"devices a", "a: one operand too many; 'clfilter devices' takes none"},
    {"convolve a b", "-o: missing"},
    {"convolve a b -o", "-o: a value is missing"},
    {"convolve a b -o EMPTY", "-o: '' is not a file's name"},
    {"convolve a b -o c --border", "--border: a value is missing: expected reflect, periodic"},
    {"convolve a b -o c --frobnicate", "--frobnicate: not an option of 'clfilter convolve'"},
    {"convolve a b -o c -x", "-x: not an option"},
    {"convolve a b -o c --quiet=1", "--quiet: takes no value"},
    {"convolve a b -o c --json", "--json: not an option"},
    {"convolve a b -o c --scale 1", "--scale: not an option of 'clfilter convolve'"},
    {"gradient a -o c --mode full", "--mode: not an option of 'clfilter gradient'"},
    {"gradient a -o c --o magnitude", "--o: not an option"},
    {"devices --device 0", "--device: not an option"},
    {"convolve a b -o c --border mirror", "--border: 'mirror' is not reflect, periodic"},
    {"convolve a b -o c --border default", "--border: 'default'"},
    {"convolve a b -o c --border reflect,", "--border: 'reflect,'"},
    {"convolve a b -o c --border EMPTY", "--border: ''"},
    {"convolve a b -o c --border=reflect,reflect,reflect,reflect", "at most 3"},
    {"convolve a b -o c --cval nan", "--cval: 'nan' is not a number"},
    {"convolve a b -o c --cval 1e999", "--cval: '1e999'"},
    {"convolve a b -o c --cval 1x", "--cval: '1x'"},
    {"convolve a b -o c --cval EMPTY", "--cval: ''"},
    {"convolve a b -o c --mode circular", "--mode: 'circular' is not same, valid or full"},
    {"convolve a b -o c --origin 1.5", "--origin: '1.5' is not whole"},
    {"convolve a b -o c --origin 1,", "--origin: '1,'"},
    {"convolve a b -o c --origin 99999999999", "--origin: '99999999999'"},
    {"convolve a b -o c --stride 0", "--stride: '0' is not whole numbers from 1 up"},
    {"convolve a b -o c --dilation 1,-1", "--dilation: '1,-1' is not whole numbers from 1 up"},
    {"convolve a b -o c --groups 0", "--groups: '0' is not a whole number from 1 up"},
    {"convolve a b -o c --bias EMPTY", "--bias: '' is not a file's name"},
    {"convolve a b -o c --solver magic", "--solver: 'magic' is not auto"},
    {"gradient a -o c --scale nan", "--scale: 'nan' is not a finite number other than 0"},
    {"gradient a -o c --scale inf", "--scale: 'inf'"},
    {"gradient a -o c --scale 0", "--scale: '0'"},
    {"gradient a -o c --operator roberts", "--operator: 'roberts' is not central, sobel, forward,"},
    {"gradient a -o c --operator gaussian", "--operator: 'gaussian' is not central"},
    {"gradient a -o c --operator gaussian:0", "--operator: 'gaussian:0' is not central"},
    {"gradient a -o c --operator sobel:2", "--operator: 'sobel:2' is not central"},
    {"gradient a -o c --output dw", "--output: 'dw' is not magnitude, dx, dy"},
    {"gradient a -o c --axes 4", "--axes: '4' is not 2 or 3"},
    {"gradient a -o c --eps -1", "--eps: '-1' is not a finite number, 0 or more"},
    {"edges a", "-o: missing"},
    {"edges a -o c --sigma 0", "--sigma: '0' is not a finite number greater than 0"},
    {"edges a -o c --high inf", "--high: 'inf' is not"},
    {"edges a -o c --dtype f32", "--dtype: not an option of 'clfilter edges'"},
    {"smoothness a", "an operand is missing"},
    {"match a", "an operand is missing"},
    {"match a b --score peak", "--score: 'peak' is not normalised, correlation or phase"},
    {"convolve a b -o c --score phase", "--score"},
    {"smoothness a b --order 3", "--order: '3' is not 1 or 2"},
    {"smoothness a b --norm l1", "--norm: 'l1' is not l2 or mean-abs"},
    {"smoothness a b --reduction max", "--reduction: 'max' is not mean, sum, none or per-axis-mean"},
    {"smoothness a b --edge-weight -1", "--edge-weight: '-1' is not"},
    {"gradient a -o c --dtype int", "--dtype: 'int' is not f32"},
    {"gradient a -o c --dtype i32", "--dtype: 'i32' is not f32"},
    {"gradient a -o c --time=0", "--time: '0' is not a whole number of runs"},
    {"gradient a -o c --time=", "--time: ''"},
    {"gradient a -o c --time=ten", "--time: 'ten'"},
    {"gradient a -o c --time 1000001", "--time: '1000001'"},
    {"gradient a -o c --device EMPTY", "--device: ''"},
};

static void mistakes_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *operands[MAX_OPERANDS];
        cli_settings settings;
        cli_error error;
        if (parse(refused[i].line, &settings, operands, &error))
            fail_msg("%s: accepted", refused[i].line);
        if (!strstr(error.message, refused[i].fragment))
            fail_msg("%s: '%s'; expected '%s'", refused[i].line, error.message, refused[i].fragment);
        assert_int_equal(error.exit_status, CLI_EXIT_USAGE);
        assert_null(strchr(error.message, '\n'));
    }
}

typedef struct kernel_row {
    const char *text;
    int rank;
    int64_t shape[2];
    double taps[6];
} kernel_row;

static const kernel_row kernels[] = {
    {"1", 1, {1}, {1}},
    {"1,0,-1", 1, {3}, {1, 0, -1}},
    {" 1 , 2e1 ,\t-.5 ", 1, {3}, {1, 20, -0.5}},
    {"1;2;3", 2, {3, 1}, {1, 2, 3}},
    {"-1,0,1;2,3,4", 2, {2, 3}, {-1, 0, 1, 2, 3, 4}},
    {"0x10,+1", 1, {2}, {16, 1}},
};

static void rows_of_numbers_are_kernels(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        const kernel_row *row = &kernels[i];
        clf_array taps = {0};
        cli_error error = {0};
        if (!kernel_read(row->text, &taps, &error))
            fail_msg("%s", error.message);
        assert_int_equal(taps.rank, row->rank);
        assert_int_equal(taps.dtype, CLF_F64);
        int64_t count = 1;
        for (int k = 0; k < taps.rank; k++) {
            assert_int_equal(taps.shape[k], row->shape[k]);
            count *= taps.shape[k];
        }
        for (int64_t k = 0; k < count; k++)
            assert_true(((double *)taps.data)[k] == row->taps[k]);
        free(taps.data);
    }
}

static const refused_row refused_kernels[] = {
    {"1,2;3", "row 2 has 1 number; the first has 2"},
    {"1;2,3", "row 2 has 2 numbers; the first has 1"},
    {"1,,2", "kernel '1,,2': number 2 of row 1 is not a finite number"},
    {"1,2;", "number 1 of row 2 is not"},
    {";1", "number 1 of row 1 is not"},
    {",", "number 1 of row 1 is not"},
    {"1,2 3", "number 2 of row 1 is not"},
    {"1,nan", "number 2 of row 1 is not"},
    {"inf,1", "number 1 of row 1 is not"},
    {"1;-inf", "number 1 of row 2 is not"},
    {"1e999", "number 1 of row 1 is not"},
    {"1x", "number 1 of row 1 is not"},
    {"-", "number 1 of row 1 is not"},
    {"", "expected an .npy file, rows such as"},
    {"sobel", "kernel 'sobel': expected an .npy file"},
    {"kernel.txt", "expected an .npy file"},
    {"box:0", "kernel 'box:0':"},
    {"gaussian:-1", "kernel 'gaussian:-1':"},
    {"gaussian:nan", "kernel 'gaussian:nan':"},
    {"gaussian:3,1", "expected gaussian:SIGMA with 0 < SIGMA <= 512"},
    {"box:3;5", "expected box:N with a whole N"},
};

static void wrong_kernels_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused_kernels / sizeof *refused_kernels; i++) {
        clf_array taps = {0};
        cli_error error = {0};
        if (kernel_read(refused_kernels[i].line, &taps, &error))
            fail_msg("'%s' was accepted", refused_kernels[i].line);
        if (!strstr(error.message, refused_kernels[i].fragment))
            fail_msg("'%s': '%s'; expected '%s'", refused_kernels[i].line, error.message, refused_kernels[i].fragment);
        assert_int_equal(error.exit_status, CLI_EXIT_USAGE);
        assert_null(taps.data);
    }
}

/* An operand that is no kernel is not called one. */
static void other_numbers_have_their_own_name(void **state) {
    static const refused_row rows[] = {{"", "indices '': expected an .npy file, or a list such as 0,2,-1"},
                                       {"sobel-x", "indices 'sobel-x': expected an .npy file"},
                                       {"1,x", "indices '1,x': number 2 of row 1 is not a finite number"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clf_array numbers = {0};
        cli_error error = {0};
        char kind;
        assert_false(numbers_read("indices", rows[i].line, &numbers, &kind, &error));
        assert_non_null(strstr(error.message, rows[i].fragment));
    }
}

static void names_are_kernels(void **state) {
    clf_array taps = {0};
    cli_error error = {0};
    (void)state;
    assert_true(kernel_read("box:4", &taps, &error));
    assert_true(taps.rank == 2 && taps.shape[0] == 4 && taps.shape[1] == 4 && taps.dtype == CLF_F32);
    assert_true(((float *)taps.data)[15] == 0.0625f);
    free(taps.data);
}

/* One row of the .npy format: every integer and floating point type that a kernel may have. */
static void npy_of_any_real_type_is_a_kernel(void **state) {
    static const char *const types[] = {"|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "|b1"};
    static const char *const floats[] = {"<f2", "<f4", "<f8"};
    static const unsigned char ones[3][8] = {{0, 0x3c}, {0, 0, 0x80, 0x3f}, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}};
    (void)state;
    for (int i = 0; i < 12; i++) {
        const char *type = i < 9 ? types[i] : floats[i - 9];
        const int width = type[2] - '0';
        unsigned char file[128] = "\x93NUMPY\1\0\x40";
        clf_array taps = {0};
        cli_error error = {0};
        memset(file + 10, ' ', 64);
        const int length =
            snprintf((char *)file + 10, 64, "{'descr': '%s', 'fortran_order': False, 'shape': (2,)}", type);
        file[10 + length] = ' ';
        memset(file + 74, 0, 16);
        for (int k = 0; k < 2 * width; k++)
            file[74 + k] = (unsigned char)(i >= 9 ? ones[i - 9][k % width] : k % width == 0);
        write_bytes("kernel.npy", file, (size_t)(74 + 2 * width));
        if (!kernel_read("kernel.npy", &taps, &error))
            fail_msg("%s: %s", type, error.message);
        assert_true(taps.rank == 1 && taps.shape[0] == 2 && taps.dtype == CLF_F64);
        assert_true(((double *)taps.data)[0] == 1 && ((double *)taps.data)[1] == 1);
        free(taps.data);
    }
}

static void refuses_kernel_files(void **state) {
    const int64_t shape[] = {2, 1, 2, 2, 1, 1};
    cli_error error = {0};
    clf_array taps = {0};
    cli_image image = make_noise(CLF_F32, 6, shape, 1);
    (void)state;
    assert_false(kernel_read("none.npy", &taps, &error));
    assert_non_null(strstr(error.message, "none.npy: No such file"));
    assert_int_equal(error.exit_status, EXIT_FAILURE);
    assert_true(image_write("rank6.npy", &image, &error));
    assert_false(kernel_read("rank6.npy", &taps, &error));
    assert_non_null(strstr(error.message, "rank6.npy: a kernel has rank 1 to 3, a bank of kernels 4 or 5, not 6"));
    image.array.rank = 2;
    ((float *)image.array.data)[1] = NAN;
    assert_true(image_write("nan.npy", &image, &error));
    assert_false(kernel_read("nan.npy", &taps, &error));
    assert_non_null(strstr(error.message, "nan.npy: expected finite numbers"));
    image_free(&image);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_are_told_from_options),
        cmocka_unit_test(values_arrive),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(rows_of_numbers_are_kernels),
        cmocka_unit_test(wrong_kernels_are_named),
        cmocka_unit_test(other_numbers_have_their_own_name),
        cmocka_unit_test(names_are_kernels),
        cmocka_unit_test(npy_of_any_real_type_is_a_kernel),
        cmocka_unit_test(refuses_kernel_files),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

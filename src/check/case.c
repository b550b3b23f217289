/* SPDX-License-Identifier: Apache-2.0 */
/* Cases: from a line to inputs, an expected output and the error allowed. */
#include "check/case.h"

#include "base/checked.h"
#include "check/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const data_names[] = {"random", "integer", "special", "step", "alike", NULL};

const char *const dtype_names[] = {"f32", "f64", "f16", "u8", "u16", "i16", "i32", "i64", NULL};

/* Of a tensor: its numbers are held as doubles, several times. */
enum { MOST_ELEMENTS = 1 << 30 };

static const char *const class_names[] = {"any", "cpu", NULL};

const char *const border_names[] = {"default", "reflect", "periodic", "symmetric", "replicate", "constant", NULL};

void batch_add(line_batch *batch, const char *format, ...) {
    if (batch->count == batch->capacity) {
        size_t capacity = batch->capacity == 0 ? 256 : 2 * batch->capacity;
        char **lines = realloc(batch->lines, capacity * sizeof *lines);
        if (lines == NULL) {
            batch->failed = true;
            return;
        }
        batch->lines = lines;
        batch->capacity = capacity;
    }
    char text[LINE_LENGTH];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *copy = length < 0 || length >= LINE_LENGTH ? NULL : strdup(text);
    if (copy == NULL) {
        batch->failed = true;
        return;
    }
    batch->lines[batch->count++] = copy;
}

void batch_free(line_batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        free(batch->lines[i]);
    }
    free(batch->lines);
    *batch = (line_batch){.count = 0};
}

void draft_add(line_draft *draft, const char *format, ...) {
    size_t room = sizeof draft->text - draft->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(draft->text + draft->length, room, format, arguments);
    va_end(arguments);
    draft->length += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

bool case_read(case_line *line, const test_operation *operation, test_case *test, char *why) {
    *test = (test_case){.operation = operation};
    if (operation == NULL) {
        line_fail(line, "'%s' is not an operation", line_word(line, 0));
    } else {
        operation->parse(line, test);
    }
    bool good = line_end(line);
    if (!good) {
        (void)snprintf(why, WHY_LENGTH, "the line is wrong: %s", line->error);
    }
    return good;
}

bool case_fill(test_case *test, char *why) {
    bool memory = true;
    for (int i = 0; i < test->inputs; i++) {
        test->values[i] = calloc((size_t)spec_count(&test->input[i]), sizeof(double));
        memory = memory && test->values[i] != NULL;
    }
    test->expected = calloc((size_t)spec_count(&test->output), sizeof(double));
    test->tolerance = calloc((size_t)spec_count(&test->output), sizeof(double));
    if (!memory || test->expected == NULL || test->tolerance == NULL) {
        (void)snprintf(why, WHY_LENGTH, LINE_NO_MEMORY);
        return false;
    }
    test->operation->fill(test);
    for (int i = 0; i < test->inputs; i++) {
        if (!spec_settle(&test->input[i], test->values[i])) {
            (void)snprintf(why, WHY_LENGTH, LINE_NO_MEMORY);
            return false;
        }
    }
    test->operation->reference(test);
    return true;
}

void case_place(test_case *test, bool odd) {
    for (int i = 0; i < CASE_INPUTS; i++) {
        test->input[i].lead = odd ? 3 + 2 * i : 0;
    }
    test->output.lead = odd ? 13 : 0;
}

void case_close(test_case *test) {
    for (int i = 0; i < CASE_INPUTS; i++) {
        free(test->values[i]);
    }
    free(test->expected);
    free(test->tolerance);
    free(test->spec);
    *test = (test_case){.inputs = 0};
}

/* A layout by name, or strides as the library prints them. */
static void parse_layout(case_line *line, const char *layout_key, const char *strides_key, tensor_spec *spec) {
    spec->layout = (test_layout)line_choice(line, layout_key, layout_names, LAYOUT_DENSE);
    int count = line_list(line, strides_key, ',', spec->strides, CLF_MAX_RANK);
    if (count > 0) {
        spec->layout = LAYOUT_STRIDES;
    }
    if (spec->layout == LAYOUT_STRIDES && count != spec->rank) {
        line_fail(line, "%s= wants a stride for each of the %d axes", strides_key, spec->rank);
    }
    for (int i = 0; i < count; i++) {
        if (clf_magnitude(spec->strides[i]) > MOST_ELEMENTS) {
            line_fail(line, "%s= has a stride of more than 2^30 elements", strides_key);
            spec->strides[i] = 0;
        }
    }
}

/* A wrong shape becomes ones: what is made of it before the line's end is not to go wrong as well. */
static void check_shape(case_line *line, tensor_spec *spec) {
    int64_t count = 1;
    bool good = true;
    for (int axis = 0; axis < spec->rank; axis++) {
        good =
            good && spec->shape[axis] >= 1 && clf_multiply(count, spec->shape[axis], &count) && count <= MOST_ELEMENTS;
    }
    for (int axis = 0; axis < spec->rank && !good; axis++) {
        line_fail(line, "an extent of the shape '%s' is below 1, or they are more than 2^30 elements",
                  line_word(line, 2));
        spec->shape[axis] = 1;
    }
}

/* Where elements of the type stay finite, and some of them more than 0. */
int case_parse_magnitude(case_line *line, const char *key, clf_dtype dtype) {
    int64_t exponent = line_integer(line, key, 0);
    int64_t least = dtype == CLF_F64 ? -1074 : -149, most = dtype == CLF_F64 ? 1023 : 127;
    if (exponent == 0 || ((dtype == CLF_F64 || dtype == CLF_F32) && exponent >= least && exponent <= most)) {
        return (int)exponent;
    }
    line_fail(line, "%s= has %lld; expected -149 to 127 for f32, -1074 to 1023 for f64", key, (long long)exponent);
    return 0;
}

void case_parse_common(case_line *line, test_case *test) {
    tensor_spec *input = &test->input[0], *output = &test->output;
    int dtype = line_find(line, "element type", line_word(line, 1), dtype_names);
    input->dtype = dtype < 0 ? CLF_F32 : (clf_dtype)dtype; /* the line is read on, so that all of it is something */
    input->rank = line_numbers(line, line_word(line, 2), 'x', input->shape, CLF_MAX_RANK);
    check_shape(line, input);
    *output = *input;
    parse_layout(line, "src_layout", "src_strides", input);
    output->dtype = (clf_dtype)line_choice(line, "dst", dtype_names, (int)input->dtype);
    parse_layout(line, "dst_layout", "dst_strides", output);
    if (output->layout == LAYOUT_BROADCAST) {
        line_fail(line, "dst_layout=broadcast would overlap itself");
    }
    test->inputs = 1;
    test->data = (data_kind)line_choice(line, "data", data_names, DATA_RANDOM);
    test->magnitude = case_parse_magnitude(line, "magnitude", input->dtype);
    test->bad = (bad_kind)line_choice(line, "bad", bad_names, BAD_NONE);
    test->share = (share_kind)line_choice(line, "share", share_names, SHARE_ONE);
    test->seed = (uint64_t)line_integer(line, "seed", 1);
    test->cpu_only = line_choice(line, "class", class_names, 0) == 1;
    const char *solver = line_value(line, "solver");
    (void)snprintf(test->solver, sizeof test->solver, "%s", solver == NULL ? "" : solver);
}

void case_read_keys(case_line *line, const test_case *test, const clf_line_table *table, void *words) {
    const tensor_spec *input = &test->input[0];
    clf_view shape = {.dtype = input->dtype, .rank = input->rank};
    memcpy(shape.shape, input->shape, sizeof shape.shape);
    clf_words_set_shape(words, &shape);
    clf_words_read_keys(table, line, words);
}

static double special_value(random_state *random, double value) {
    switch (random_integer(random, 0, 31)) {
    case 0: return (double)NAN;
    case 1: return (double)INFINITY;
    case 2: return -(double)INFINITY;
    default: return value;
    }
}

static double value_of_kind(data_kind data, random_state *random, clf_dtype dtype, double limit) {
    double low = number_low(dtype), high = number_high(dtype);
    double value = low + (high - low) * random_real(random);
    if (data == DATA_SPECIAL && number_is_real(dtype)) {
        return special_value(random, value);
    }
    if (data == DATA_INTEGER) {
        double least = number_is_real(dtype) ? -limit : fmax(low, -limit);
        double most = number_is_real(dtype) ? limit : fmin(high, limit);
        return (double)random_integer(random, (int64_t)least, (int64_t)most);
    }
    return value;
}

void case_fill_input(test_case *test, int index, data_kind data, double limit) {
    const tensor_spec *spec = &test->input[index];
    static const char *const roles[CASE_INPUTS] = {"src", "taps", "third", "fourth", "fifth"};
    random_state random = random_begin(test->seed, roles[index]);
    int64_t width = spec->shape[spec->rank - 1], count = spec_count(spec);
    double *values = test->values[index];
    int magnitude = index == 0 ? test->magnitude : index == 1 ? test->second_magnitude : 0;
    double first = 0;
    for (int64_t i = 0; i < count; i++) {
        double value = data == DATA_STEP             ? (i % width < width / 2 ? 1.0 : 0.0)
                       : data == DATA_ALIKE && i > 0 ? first
                                                     : value_of_kind(data, &random, spec->dtype, limit);
        first = i == 0 ? value : first;
        values[i] = number_round(spec->dtype, ldexp(value, magnitude));
    }
    if (index == 0) {
        case_strew(test);
    }
}

double case_bytes(const test_case *test) {
    double sum = (double)spec_count(&test->output) * (double)clf_dtype_bytes(test->output.dtype);
    for (int i = 0; i < test->inputs; i++)
        sum += (double)spec_count(&test->input[i]) * (double)clf_dtype_bytes(test->input[i].dtype);
    return sum;
}

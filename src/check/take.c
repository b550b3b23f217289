/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Selection along an axis, and its adjoint; the shape is that of the tensor selected from:
 *
 *   take f32 2x3x50x25 axis=2 count=5 mode=wrap index=i64 place=device index_layout=gaps
 *   put_add f32 2x3x50x25 axis=-1 count=70, and the words every line shares
 */
#include "check/take.h"

#include "check/number.h"
#include "ops/take/words.h"

#include <math.h>
#include <stdlib.h>

static const char *const take_solvers[] = {"take.each", "take.rows", NULL};
static const char *const put_add_solvers[] = {"put_add.segments", "put_add.ranges", NULL};

static int axis_of(const test_case *test) {
    const take_spec *spec = test->spec;
    return spec->axis < 0 ? spec->axis + test->output.rank : spec->axis;
}

static void parse(case_line *line, test_case *test, bool adjoint) {
    take_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    case_parse_common(line, test);
    spec->adjoint = adjoint;
    clf_take_words words = {.axis = 0};
    case_read_keys(line, test, adjoint ? &clf_put_add_line : &clf_take_line, &words);
    spec->axis = (int)words.axis;
    spec->count = words.count;
    spec->mode = (clf_index_mode)words.mode;
    spec->on_device = words.place == CLF_TAKE_DEVICE;
    test->inputs = 2;
    test->input[1] =
        (tensor_spec){.dtype = words.index,
                      .rank = 1,
                      .shape = {spec->count},
                      .layout = (test_layout)line_choice(line, "index_layout", layout_names, LAYOUT_DENSE)};
    int axis = axis_of(test);
    if (axis < 0 || axis >= test->output.rank || spec->count < 1) {
        line_fail(line, "axis=%d or count=%lld is out of range", spec->axis, (long long)spec->count);
        return;
    }
    spec->extent = test->output.shape[axis];
    (adjoint ? &test->input[0] : &test->output)->shape[axis] = spec->count;
}

static void parse_take(case_line *line, test_case *test) {
    parse(line, test, false);
}

static void parse_put_add(case_line *line, test_case *test) {
    parse(line, test, true);
}

/* Indices two extents beyond either end where the mode has an answer there. */
static void fill(test_case *test) {
    const take_spec *spec = test->spec;
    case_fill_input(test, 0, test->data, 256);
    random_state random = random_begin(test->seed, "indices");
    int64_t reach = spec->mode == CLF_INDEX_STRICT ? 0 : 2 * spec->extent;
    for (int64_t k = 0; k < spec->count; k++) {
        test->values[1][k] = (double)random_integer(&random, -spec->extent - reach, spec->extent - 1 + reach);
    }
}

static int64_t selected_row(const take_spec *spec, int64_t index) {
    int64_t n = spec->extent;
    if (spec->mode == CLF_INDEX_CLAMP) {
        return index < 0 ? 0 : index >= n ? n - 1 : index;
    }
    while (index < 0) {
        index += n;
    }
    while (index >= n) {
        index -= n;
    }
    return index;
}

/* Both ways: the tensor selected from is (outer, extent, inner), the other (outer, count, inner). */
static void reference(const test_case *test) {
    const take_spec *spec = test->spec;
    int axis = axis_of(test);
    int64_t outer = 1, inner = 1;
    for (int i = 0; i < test->output.rank; i++) {
        outer *= i < axis ? test->output.shape[i] : 1;
        inner *= i > axis ? test->output.shape[i] : 1;
    }
    bool whole_numbers = test->data == DATA_INTEGER;
    double epsilon = number_epsilon(test->output.dtype);
    for (int64_t o = 0; o < outer; o++) {
        for (int64_t k = 0; k < spec->count; k++) {
            int64_t row = selected_row(spec, (int64_t)test->values[1][k]);
            for (int64_t i = 0; i < inner; i++) {
                int64_t whole = (o * spec->extent + row) * inner + i, selected = (o * spec->count + k) * inner + i;
                if (!spec->adjoint) {
                    test->expected[selected] = test->values[0][whole];
                } else {
                    test->expected[whole] += test->values[0][selected];
                    test->tolerance[whole] += whole_numbers ? 0 : fabs(test->values[0][selected]);
                }
            }
        }
    }
    for (int64_t i = 0; i < spec_count(&test->output) && spec->adjoint; i++) {
        test->tolerance[i] *= (double)spec->count * epsilon;
    }
}

/* The indices as both descriptors take them; the host's are read from the copy that was sent. */
static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const take_spec *spec = test->spec;
    clf_take_desc desc = {.src = inputs[0].view,
                          .dst = output->view,
                          .axis = spec->axis,
                          .mode = spec->mode,
                          .options = {.solver = solver}};
    if (spec->on_device) {
        desc.indices_view = inputs[1].view;
    } else {
        desc.indices = tensor_array(&inputs[1]);
    }
    if (!spec->adjoint) {
        return clf_plan_take(fixture->context, &desc, plan, error);
    }
    clf_put_add_desc adjoint = {.src = desc.src,
                                .dst = desc.dst,
                                .indices = desc.indices,
                                .indices_view = desc.indices_view,
                                .axis = desc.axis,
                                .mode = desc.mode,
                                .options = desc.options};
    return clf_plan_put_add(fixture->context, &adjoint, plan, error);
}

static double bytes(const test_case *test) {
    const take_spec *spec = test->spec;
    double index = (double)spec->count * (double)clf_dtype_bytes(test->input[1].dtype);
    double src = (double)spec_count(&test->input[0]), dst = (double)spec_count(&test->output);
    return index + (spec->adjoint ? src + dst : 2 * dst) * (double)clf_dtype_bytes(test->output.dtype);
}

static double flops(const test_case *test) {
    return ((const take_spec *)test->spec)->adjoint ? (double)spec_count(&test->input[0]) : 0;
}

const test_operation take_operation = {"take",           take_solvers,    parse_take, fill,  reference,
                                       plan_case,        case_judge,      bytes,      flops, take_systematic_lines,
                                       take_small_lines, take_random_line};

const test_operation put_add_operation = {
    "put_add",           put_add_solvers,    parse_put_add, fill,  reference,
    plan_case,           case_judge,         bytes,         flops, put_add_systematic_lines,
    put_add_small_lines, put_add_random_line};

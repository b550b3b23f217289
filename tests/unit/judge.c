/* SPDX-License-Identifier: Apache-2.0 */
/* The judge judged: what a wrong library would write must be found. No device is needed but for the buffers. */
#include "check/case.h"
#include "check/number.h"
#include "check/reference.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/* A case filled and its output made, holding the expected values; a test then spoils one. */
typedef struct judged_case {
    test_fixture fixture;
    test_case test;
    case_operands operands;
} judged_case;

static void begin(judged_case *judged, clf_context *context, const char *line) {
    char why[WHY_LENGTH] = "";
    judged->fixture = (test_fixture){.context = context, .guard = FIXTURE_GUARD};
    if (!case_parse(line, &judged->test, why) || !case_fill(&judged->test, why) ||
        !operands_create(&judged->fixture, &judged->test, &judged->operands, why)) {
        fail_msg("%s: %s", line, why);
    }
    test_tensor *output = &judged->operands.output;
    memcpy(output->back, output->sent, output->bytes);
    for (int64_t i = 0; i < output->count; i++) {
        number_store(output->view.dtype, output->back, tensor_position(output, i), judged->test.expected[i]);
    }
}

static void end(judged_case *judged) {
    operands_destroy(&judged->operands);
    case_close(&judged->test);
}

static bool accepted(const judged_case *judged) {
    char why[WHY_LENGTH] = "";
    const test_tensor *output = &judged->operands.output;
    return case_compare(&judged->test, output, why) && tensor_outside_unchanged(output, "dst", why);
}

static double spoil(judged_case *judged, int64_t index, double value) {
    test_tensor *output = &judged->operands.output;
    double before = tensor_value(output, index);
    number_store(output->view.dtype, output->back, tensor_position(output, index), value);
    return before;
}

static void expected_values_pass(void **state) {
    static const char *const lines[] = {
        "conv f32 7x9 k=3x3",
        "conv f32 7x9 k=3x3 data=integer",
        "conv f32 7x9 k=3x3 data=special dst_layout=mixed",
        "corr f16 7x9 k=3x3",
        "corr u8 7x9 k=3x3",
        "corr i16 7x9 k=3x3 dst=f32 data=integer",
        "gradient f32 7x9 data=integer",
        "gradient u8 7x9 dst_layout=gaps",
        "laplace f32 7x9 data=integer",
        "structure f32 12x9 sigma=0.3 data=special",
        "structure f32 7x9 harris=k:0.05",
        "match u8 7x9 k=3x2",
        "normalised f32 7x9 k=3x2 mode=full",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        judged_case judged;
        begin(&judged, *state, lines[i]);
        assert_true(accepted(&judged));
        end(&judged);
    }
}

static void wrong_values_fail(void **state) {
    judged_case judged;
    begin(&judged, *state, "conv f32 7x9 k=3x3");
    double right = spoil(&judged, 62, 0), tolerance = judged.test.tolerance[62];
    assert_true(tolerance > 0 && tolerance < 1e-4);
    spoil(&judged, 62, right + 1.5 * tolerance + 1e-6);
    assert_false(accepted(&judged));
    spoil(&judged, 62, (double)NAN);
    assert_false(accepted(&judged));
    spoil(&judged, 62, right);
    assert_true(accepted(&judged));
    end(&judged);
}

/* One ulp, one step of an integer, one rounding the wrong way. */
static void small_errors_fail(void **state) {
    judged_case judged;
    begin(&judged, *state, "conv f32 7x9 k=3x3 data=integer");
    double right = spoil(&judged, 5, 0);
    spoil(&judged, 5, (double)nextafterf((float)right, INFINITY));
    assert_false(accepted(&judged));
    end(&judged);

    begin(&judged, *state, "conv u8 7x9 k=3x3");
    for (int64_t i = 0; i < 63; i++) {
        right = spoil(&judged, i, 0);
        spoil(&judged, i, right == 255 ? 254 : right + 1);
        bool tie = fabs(fabs(judged.test.expected[i] - floor(judged.test.expected[i])) - 0.5) < 1e-3;
        assert_true(tie || !accepted(&judged));
        spoil(&judged, i, right);
    }
    assert_true(accepted(&judged));
    end(&judged);
}

/* An edge where none is, and none where one is; half an edge is none. */
static void wrong_edges_fail(void **state) {
    judged_case judged;
    begin(&judged, *state, "canny f32 24x31 low=0.4 high=1.1");
    int64_t certain[2] = {0, 0}; /* of pixels that are no edge, and of those that are one */
    for (int64_t i = 0; i < judged.operands.output.count; i++) {
        if (judged.test.tolerance[i] != 0) {
            continue;
        }
        bool edge = judged.test.expected[i] == 255;
        assert_true(edge || judged.test.expected[i] == 0);
        certain[edge]++;
        spoil(&judged, i, edge ? 0 : 255);
        assert_false(accepted(&judged));
        spoil(&judged, i, edge ? 254 : 1);
        assert_false(accepted(&judged));
        spoil(&judged, i, edge ? 255 : 0);
    }
    assert_true(accepted(&judged));
    assert_true(certain[0] > 100 && certain[1] > 50);
    end(&judged);
}

/* Scores off by more than their bound; a flat window's that is not 0. */
static void wrong_scores_fail(void **state) {
    static const char *const lines[] = {"normalised f32 9x20 k=4x3", "normalised f32 9x20 k=4x3 data=step"};
    for (size_t line = 0; line < COUNT(lines); line++) {
        judged_case judged;
        begin(&judged, *state, lines[line]);
        bool flat = judged.test.tolerance[0] == 0;
        assert_true(flat == (line == 1));
        double right = spoil(&judged, 0, 0);
        spoil(&judged, 0, flat ? 1e-30 : right + 1.1e-4);
        assert_false(accepted(&judged));
        spoil(&judged, 0, right);
        assert_true(accepted(&judged));
        end(&judged);
    }
}

/* NaN and Inf where none belong, and none where they belong. */
static void special_values(void **state) {
    judged_case judged;
    begin(&judged, *state, "conv f32 12x20 k=3x3 data=special");
    int64_t finite = 0, special = 0;
    while (!isfinite(judged.test.expected[finite])) {
        finite++;
    }
    while (isfinite(judged.test.expected[special])) {
        special++;
    }
    double right = spoil(&judged, finite, (double)INFINITY);
    assert_false(accepted(&judged));
    spoil(&judged, finite, right);
    right = spoil(&judged, special, 1);
    assert_false(accepted(&judged));
    spoil(&judged, special, right);
    assert_true(accepted(&judged));
    end(&judged);
}

/* Writes beside the view: the guards at either end, the nearest elements, a gap; and an element never written. */
static void stray_writes_fail(void **state) {
    judged_case judged;
    begin(&judged, *state, "conv f32 7x9 k=3x3 dst_layout=gaps");
    test_tensor *output = &judged.operands.output;
    const int64_t guard = FIXTURE_GUARD / 4, strays[] = {0, guard - 1, guard + 1, guard + 3 * 63, output->elements - 1};
    assert_true(accepted(&judged));
    for (size_t i = 0; i < COUNT(strays); i++) {
        unsigned char *byte = output->back + 4 * strays[i];
        *byte ^= 1;
        assert_false(accepted(&judged));
        *byte ^= 1;
    }
    size_t at = 4 * (size_t)tensor_position(output, 30);
    memcpy(output->back + at, output->sent + at, 4);
    assert_false(accepted(&judged));
    end(&judged);
}

/* The same in a dense output, whose guards are compared whole. */
static void strays_round_dense_outputs_fail(void **state) {
    judged_case judged;
    begin(&judged, *state, "conv u8 7x9 k=3x3");
    test_tensor *output = &judged.operands.output;
    const int64_t strays[] = {0, FIXTURE_GUARD - 1, FIXTURE_GUARD + 63, output->elements - 1};
    assert_true(accepted(&judged));
    for (size_t i = 0; i < COUNT(strays); i++) {
        output->back[strays[i]] ^= 1;
        assert_false(accepted(&judged));
        output->back[strays[i]] ^= 1;
    }
    assert_true(accepted(&judged));
    end(&judged);
}

/* Where a view's first element lies in the device's memory, as far as a host can see it; bytes beyond a cache line. */
static size_t bytes_past_line(clf_context *context, const clf_view *view) {
    cl_command_queue queue = clf_context_cl_queue(context);
    cl_int code = CL_SUCCESS;
    void *memory = clEnqueueMapBuffer(queue, view->buffer, CL_TRUE, CL_MAP_READ, 0, 1, 0, NULL, NULL, &code);
    check_cl(code);
    size_t past = ((uintptr_t)memory + (size_t)view->offset * clf_dtype_bytes(view->dtype)) % 64;
    check_cl(clEnqueueUnmapMemObject(queue, view->buffer, memory, 0, NULL, NULL));
    check_cl(clFinish(queue));
    return past;
}

/* Kernels store otherwise to a cache line's beginning than elsewhere: both must happen. */
static void operands_lie_as_ordinary_buffers_and_at_odd_offsets(void **state) {
    static const char *const lines[] = {"conv f32 7x9 k=3x3 kernel=view", "gradient f64 7x9", "conv f16 7x9 k=3x3",
                                        "shift u8 7x9 by=1,2"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        judged_case judged;
        begin(&judged, *state, lines[i]);
        test_case *test = &judged.test;
        clf_view ordinary = {.rank = 0};
        clf_error error = {0};
        check_ok(
            clf_tensor_create(*state, test->output.dtype, test->output.rank, test->output.shape, &ordinary, &error));
        size_t past = bytes_past_line(*state, &ordinary);
        clf_tensor_release(&ordinary);
        assert_int_equal(bytes_past_line(*state, &judged.operands.output.view), past);
        for (int input = 0; input < test->inputs; input++) {
            assert_int_equal(bytes_past_line(*state, &judged.operands.input[input].view), past);
        }
        operands_destroy(&judged.operands);
        char why[WHY_LENGTH] = "";
        case_place(test, true);
        assert_true(operands_create(&judged.fixture, test, &judged.operands, why));
        size_t size = clf_dtype_bytes(test->output.dtype);
        assert_int_equal(bytes_past_line(*state, &judged.operands.output.view) / size % 2, 1 - past / size % 2);
        assert_int_not_equal(bytes_past_line(*state, &judged.operands.output.view),
                             bytes_past_line(*state, &judged.operands.input[0].view));
        end(&judged);
    }
}

/* A written NaN is told from one that was there before. */
static void unwritten_nan_fails(void **state) {
    judged_case judged;
    begin(&judged, *state, "conv f32 12x20 k=5x5 data=special");
    test_tensor *output = &judged.operands.output;
    int64_t special = 0;
    while (!isnan(judged.test.expected[special])) {
        special++;
    }
    assert_true(accepted(&judged));
    size_t at = 4 * (size_t)tensor_position(output, special);
    memcpy(output->back + at, output->sent + at, 4);
    assert_false(accepted(&judged));
    end(&judged);
}

static void wrong_lines(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "conv",
        "fold f32 3x3 k=3x3",
        "conv f99 3x3 k=3x3",
        "conv f32 3xx3 k=3x3",
        "conv f32 3x0 k=3x3",
        "conv f32 3x3",
        "conv f32 3x3 k=3x3x3",
        "conv f32 3x3 k=0x3",
        "conv f32 3x3 k=3x3 border=mirror",
        "conv f32 3x3 k=3x3 border=reflect,reflect,reflect",
        "conv f32 3x3 k=3x3 cval=many",
        "conv f32 3x3 k=3x3 word=1",
        "conv f32 3x3 k=3x3 border=reflect border=reflect",
        "conv f32 3x3 k=5x5 mode=valid",
        "conv f32 3x3 k=3x3 dst_layout=broadcast",
        "conv f32 3x3 k=3x3 seed=1.5",
        "shift",
        "gradient f32 9",
        "gradient f32 9x9 dst=u8",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char why[WHY_LENGTH] = "";
        test_case test;
        if (case_parse(wrong[i], &test, why) || strlen(why) < 10) {
            fail_msg("'%s' is taken for a line", wrong[i]);
        }
        case_close(&test);
    }
}

/* Half precision against what IEEE 754 says of it. */
static void half_precision(void **state) {
    (void)state;
    static const struct {
        double value;
        uint16_t bits;
    } known[] = {{0, 0x0000},           {1, 0x3c00},          {-2, 0xc000},          {65504, 0x7bff},
                 {65519.99, 0x7bff},    {65520, 0x7c00},      {0x1p-24, 0x0001},     {0x1p-25, 0x0000},
                 {0x1.8p-25, 0x0001},   {0x1p-14, 0x0400},    {1 + 0x1p-11, 0x3c00}, {1 + 0x3p-11, 0x3c02},
                 {0x1.ff8p-15, 0x03ff}, {0x1.ffcp-15, 0x0400}};
    for (size_t i = 0; i < COUNT(known); i++) {
        uint16_t bits = 0;
        number_store(CLF_F16, &bits, 0, known[i].value);
        assert_int_equal(bits, known[i].bits);
    }
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        uint16_t half = (uint16_t)bits, again = 0;
        double value = number_load(CLF_F16, &half, 0);
        number_store(CLF_F16, &again, 0, value);
        assert_true(isnan(value) ? (again & 0x7fff) > 0x7c00 : again == half);
    }
}

/* x~ as ops.h draws it, for a b c d = 0 1 2 3 at -9..12, and for one element. */
static void extension(void **state) {
    (void)state;
    static const struct {
        clf_border border;
        int8_t expected[22];
    } rows[] = {
        {CLF_BORDER_REFLECT, {3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0}},
        {CLF_BORDER_PERIODIC, {3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0}},
        {CLF_BORDER_SYMMETRIC, {0, 0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3, 3}},
        {CLF_BORDER_REPLICATE, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}},
        {CLF_BORDER_CONSTANT, {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1}},
    };
    for (size_t row = 0; row < COUNT(rows); row++) {
        for (int i = 0; i < 22; i++) {
            assert_int_equal(reference_extend(i - 9, 4, rows[row].border), rows[row].expected[i]);
            int64_t one = reference_extend(i - 9, 1, rows[row].border);
            assert_int_equal(one, rows[row].border == CLF_BORDER_CONSTANT && i != 9 ? -1 : 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_values_pass),
        cmocka_unit_test(wrong_values_fail),
        cmocka_unit_test(small_errors_fail),
        cmocka_unit_test(wrong_edges_fail),
        cmocka_unit_test(wrong_scores_fail),
        cmocka_unit_test(special_values),
        cmocka_unit_test(stray_writes_fail),
        cmocka_unit_test(strays_round_dense_outputs_fail),
        cmocka_unit_test(operands_lie_as_ordinary_buffers_and_at_odd_offsets),
        cmocka_unit_test(unwritten_nan_fails),
        cmocka_unit_test(wrong_lines),
        cmocka_unit_test(half_precision),
        cmocka_unit_test(extension),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many small matrices; the shape is that of the matrices:
 *
 *   pinv f32 100x2x4 rcond=1e-4        inv f64 5x3x3        det f32 7x4x4
 *   solve f32 10x4x4 right=9           lstsq f32 10x5x3 right=2
 *
 * and the words every line shares. data=random adds 2 to the diagonal; data=integer makes matrices of rank=R;
 * data=special puts a NaN or an Inf into some matrices.
 */
#include "check/matrix.h"

#include "check/matrix_reference.h"
#include "check/number.h"
#include "ops/matrix/words.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const char *const solvers[][3] = {{"pinv.jacobi", "pinv.pair", NULL},
                                         {"inv.gauss", NULL},
                                         {"det.gauss", NULL},
                                         {"solve.gauss", NULL},
                                         {"lstsq.jacobi", NULL}};

static void find_shapes(test_case *test) {
    matrix_spec *spec = test->spec;
    tensor_spec *in = &test->input[0], *out = &test->output, *right = &test->input[1];
    int rank = in->rank;
    spec->rows = in->shape[rank - 2];
    spec->columns = in->shape[rank - 1];
    spec->matrices = spec_count(in) / spec->rows / spec->columns;
    out->shape[rank - 2] = spec->columns;
    out->shape[rank - 1] = spec->kind == KIND_PINV || spec->kind == KIND_INV ? spec->rows : spec->right;
    if (spec->kind == KIND_DET) {
        out->shape[0] = rank == 2 ? 1 : out->shape[0];
        out->rank = rank == 2 ? 1 : rank - 2;
    }
    if (spec->kind == KIND_SOLVE || spec->kind == KIND_LSTSQ) {
        test_layout kept = right->layout;
        *right = *in;
        right->layout = kept;
        right->shape[rank - 1] = spec->right;
        test->inputs = 2;
    }
}

static void parse(case_line *line, test_case *test, matrix_kind kind) {
    matrix_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    case_parse_common(line, test);
    spec->kind = kind;
    bool many = kind == KIND_SOLVE || kind == KIND_LSTSQ;
    static const clf_line_table *const tables[] = {[KIND_PINV] = &clf_pinv_line,
                                                   [KIND_INV] = &clf_inv_line,
                                                   [KIND_DET] = &clf_det_line,
                                                   [KIND_SOLVE] = &clf_solve_line,
                                                   [KIND_LSTSQ] = &clf_lstsq_line};
    clf_matrix_words words = {.right = 1};
    case_read_keys(line, test, tables[kind], &words);
    spec->right = words.right;
    spec->rcond = words.rcond;
    if (many) {
        test->input[1].layout = (test_layout)line_choice(line, "right_layout", layout_names, LAYOUT_DENSE);
    }
    if (test->input[0].rank < 2 || spec->right < 1) {
        line_fail(line, "matrices want a shape of two axes or more, and a right-hand side");
        return;
    }
    find_shapes(test);
    int64_t most = spec->rows < spec->columns ? spec->rows : spec->columns;
    spec->rank = line_integer(line, "rank", most);
    if (spec->rows > DENSE_MOST || spec->columns > DENSE_MOST || spec->right > DENSE_RIGHT || spec->rank > most) {
        line_fail(line, "matrices of at most %d x %d, %d right-hand sides, and no greater rank", DENSE_MOST, DENSE_MOST,
                  DENSE_RIGHT);
    }
}

static void parse_pinv(case_line *line, test_case *test) {
    parse(line, test, KIND_PINV);
}

static void parse_inv(case_line *line, test_case *test) {
    parse(line, test, KIND_INV);
}

static void parse_det(case_line *line, test_case *test) {
    parse(line, test, KIND_DET);
}

static void parse_solve(case_line *line, test_case *test) {
    parse(line, test, KIND_SOLVE);
}

static void parse_lstsq(case_line *line, test_case *test) {
    parse(line, test, KIND_LSTSQ);
}

/* The two factors of matrix `index` of data=integer, of full rank: their diagonals outweigh the rest. */
static void factors(const test_case *test, int64_t index, dense *left, dense *right) {
    const matrix_spec *spec = test->spec;
    random_state random = random_begin(test->seed + (uint64_t)index, "factors");
    *left = dense_zero((int)spec->rows, (int)spec->rank);
    *right = dense_zero((int)spec->rank, (int)spec->columns);
    for (int i = 0; i < left->rows; i++) {
        for (int j = 0; j < left->columns; j++) {
            left->at[i][j] = i == j ? DENSE_MOST + 1 : (long double)random_integer(&random, -1, 1);
        }
    }
    for (int i = 0; i < right->rows; i++) {
        for (int j = 0; j < right->columns; j++) {
            right->at[i][j] = i == j ? DENSE_MOST + 1 : (long double)random_integer(&random, -1, 1);
        }
    }
}

/* magnitude=: the power of two that takes the greatest elements, below 2^5 and 2^9, to just below that magnitude. */
static int data_exponent(const test_case *test) {
    return test->magnitude == 0 ? 0 : test->magnitude - (test->data == DATA_INTEGER ? 9 : 5);
}

static void fill_matrix(test_case *test, int64_t index, random_state *random) {
    const matrix_spec *spec = test->spec;
    double *values = test->values[0] + index * spec->rows * spec->columns;
    dense left, right, product = {.rows = 0};
    if (test->data == DATA_INTEGER) {
        factors(test, index, &left, &right);
        product = dense_product(&left, &right);
    }
    for (int64_t i = 0; i < spec->rows; i++) {
        for (int64_t j = 0; j < spec->columns; j++) {
            double value = 2 * random_real(random) - 1 + (i == j ? DENSE_MOST + 1 : 0);
            value = test->data == DATA_INTEGER ? (double)product.at[i][j] : value;
            values[i * spec->columns + j] = number_round(test->input[0].dtype, ldexp(value, data_exponent(test)));
        }
    }
    int64_t draw = random_integer(random, 0, 11), place = random_integer(random, 0, spec->rows * spec->columns - 1);
    if (test->data == DATA_SPECIAL && draw < 3) {
        values[place] = draw == 0 ? (double)NAN : draw == 1 ? (double)INFINITY : -(double)INFINITY;
    }
}

static void fill(test_case *test) {
    const matrix_spec *spec = test->spec;
    random_state random = random_begin(test->seed, "matrices");
    for (int64_t index = 0; index < spec->matrices; index++) {
        fill_matrix(test, index, &random);
    }
    if (test->inputs == 2) {
        case_fill_input(test, 1, DATA_RANDOM, 1);
    }
}

static dense read_dense(const double *values, int64_t rows, int64_t columns) {
    dense a = dense_zero((int)rows, (int)columns);
    for (int i = 0; i < a.rows; i++) {
        for (int j = 0; j < a.columns; j++) {
            a.at[i][j] = (long double)values[i * columns + j];
        }
    }
    return a;
}

static bool is_finite(const dense *a) {
    return isfinite(dense_norm(a));
}

/* Rank-deficient matrices by their factors: (XY)+ = Y+ X+ where X has independent columns and Y independent rows. */
static dense pseudo_inverse(const test_case *test, int64_t index, const dense *a) {
    const matrix_spec *spec = test->spec;
    if (test->data != DATA_INTEGER) {
        return dense_pinv(a);
    }
    if (spec->rank == 0) {
        return dense_zero(a->columns, a->rows);
    }
    dense left, right;
    factors(test, index, &left, &right);
    dense left_inverse = dense_pinv(&left), right_inverse = dense_pinv(&right);
    for (int i = 0; i < left_inverse.rows; i++) {
        for (int j = 0; j < left_inverse.columns; j++) {
            left_inverse.at[i][j] = ldexpl(left_inverse.at[i][j], -data_exponent(test));
        }
    }
    return dense_product(&right_inverse, &left_inverse);
}

/* Every result moves by some eps * cond relative to its own size, cond = |A| |A+|; one beyond the type is any. */
static void reference_one(const test_case *test, int64_t index) {
    const matrix_spec *spec = test->spec;
    int64_t size = spec_count(&test->output) / spec->matrices;
    double *expected = test->expected + index * size, *tolerance = test->tolerance + index * size;
    dense a = read_dense(test->values[0] + index * spec->rows * spec->columns, spec->rows, spec->columns);
    double epsilon = number_epsilon(test->output.dtype);
    if (!is_finite(&a)) {
        for (int64_t e = 0; e < size; e++) {
            expected[e] = (double)NAN;
        }
        return;
    }
    dense inverse = pseudo_inverse(test, index, &a), other;
    const dense *result = &inverse;
    long double cond = dense_norm(&a) * dense_norm(&inverse), scale = dense_norm(&inverse);
    if (test->inputs == 2) {
        dense right = read_dense(test->values[1] + index * spec->rows * spec->right, spec->rows, spec->right);
        other = dense_product(&inverse, &right);
        result = &other;
        scale *= dense_norm(&right);
    }
    if (spec->kind == KIND_DET) {
        other = dense_zero(1, 1);
        other.at[0][0] = dense_determinant(&a);
        scale = fabsl(other.at[0][0]);
        result = &other;
    }
    for (int64_t e = 0; e < size; e++) {
        expected[e] = (double)result->at[e / result->columns][e % result->columns];
        tolerance[e] = (double)(32 * epsilon * cond * scale);
        if (test->magnitude != 0) {
            double most = test->output.dtype == CLF_F64 ? DBL_MAX : (double)FLT_MAX;
            tolerance[e] = fabs(expected[e]) > most ? INFINITY : tolerance[e] + number_tiny(test->output.dtype);
        }
    }
}

static void reference(const test_case *test) {
    for (int64_t index = 0; index < ((const matrix_spec *)test->spec)->matrices; index++) {
        reference_one(test, index);
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const matrix_spec *spec = test->spec;
    const clf_plan_options options = {.solver = solver};
    const clf_view *src = &inputs[0].view, *dst = &output->view;
    clf_pinv_desc pinv = {.src = *src, .dst = *dst, .rcond = spec->rcond, .options = options};
    clf_inv_desc inv = {.src = *src, .dst = *dst, .options = options};
    clf_det_desc det = {.src = *src, .dst = *dst, .options = options};
    clf_solve_desc solve = {.matrix = *src, .right = inputs[1].view, .dst = *dst, .options = options};
    switch (spec->kind) {
    case KIND_PINV: return clf_plan_pinv(fixture->context, &pinv, plan, error);
    case KIND_INV: return clf_plan_inv(fixture->context, &inv, plan, error);
    case KIND_DET: return clf_plan_det(fixture->context, &det, plan, error);
    case KIND_LSTSQ:
        solve.least_squares = true;
        solve.rcond = spec->rcond;
        return clf_plan_solve(fixture->context, &solve, plan, error);
    default: return clf_plan_solve(fixture->context, &solve, plan, error);
    }
}

#define OPERATION(name, kind)                                                                          \
    const test_operation name##_operation = {#name,     solvers[kind], parse_##name,       fill,       \
                                             reference, plan_case,     case_judge,         case_bytes, \
                                             NULL,      name##_lines,  name##_small_lines, name##_random_line}

OPERATION(pinv, KIND_PINV);
OPERATION(inv, KIND_INV);
OPERATION(det, KIND_DET);
OPERATION(solve, KIND_SOLVE);
OPERATION(lstsq, KIND_LSTSQ);

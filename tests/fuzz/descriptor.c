/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzed: the descriptors of every operation, planned, cloned and executed, whole and streamed. An input is read by
 * tensors.c, its first byte the operation.
 */
#include "tensors.h"

#include <string.h>

/* Makes a descriptor and plans it. */
typedef clf_status (*fuzz_operation)(fuzz_maker *maker, clf_plan **plan, clf_error *error);

static int any_int(fuzz_maker *maker) {
    return fuzz_int(&maker->bytes);
}

static double real(fuzz_maker *maker) {
    return fuzz_real(&maker->bytes);
}

static void borders(fuzz_maker *maker, int count, clf_border *border) {
    for (int i = 0; i < count; i++)
        border[i] = fuzz_border(maker);
}

/* A field of flags says which parts of a descriptor are not its defaults, so that most are few. */
static uint8_t flags(fuzz_maker *maker) {
    return fuzz_byte(&maker->bytes);
}

/* An extent from 1 to `most`, now and then 0. */
static int64_t small(fuzz_maker *maker, int most) {
    uint8_t byte = fuzz_byte(&maker->bytes);
    return byte < 248 ? 1 + byte % most : 0;
}

/* The kernel: an array or a view, of one plane or a bank, or factors. */
static void make_kernel(fuzz_maker *maker, clf_convolve_desc *desc) {
    uint8_t what = flags(maker);
    int64_t shape[CLF_MAX_RANK] = {1, 1, 1, 1, 1, 1, 1, 1};
    int rank = 1 + what % 5;
    clf_dtype dtype = maker->like.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    for (int i = 0; i < rank; i++)
        shape[i] = small(maker, 8);
    if (rank >= 4 && maker->like.rank > rank - 2 && maker->like.rank <= CLF_MAX_RANK)
        shape[1] = maker->like.shape[maker->like.rank - rank + 1];
    if (what & 32)
        desc->kernel_view = fuzz_view(maker, rank, shape, dtype);
    else if ((what & 64) == 0)
        desc->kernel = fuzz_array(maker, rank, shape, dtype);
    for (int i = 0; i < 3 && (what & 64) != 0; i++)
        desc->factors[i] = fuzz_array(maker, i <= what % 3 ? 1 : 0, shape, dtype);
    if ((what & 128) != 0 && rank >= 4)
        *(what & 32 ? &desc->bias_view.rank : &desc->bias.rank) = 1;
    if (desc->bias.rank == 1)
        desc->bias = fuzz_array(maker, 1, shape, dtype);
    if (desc->bias_view.rank == 1)
        desc->bias_view = fuzz_view(maker, 1, shape, dtype);
}

static clf_convolve_desc make_convolution(fuzz_maker *maker) {
    clf_convolve_desc desc = {.src = fuzz_like(maker)};
    make_kernel(maker, &desc);
    uint8_t what = flags(maker);
    if (what & 1)
        desc.groups = any_int(maker);
    if (what & 2)
        desc.axis_count = any_int(maker);
    for (int i = 0; i < 3; i++) {
        desc.axes[i] = what & 4 ? any_int(maker) : 0;
        desc.origin[i] = what & 8 ? any_int(maker) : 0;
        desc.stride[i] = what & 16 ? any_int(maker) : 0;
        desc.dilation[i] = what & 32 ? any_int(maker) : 0;
    }
    if (what & 64)
        borders(maker, 3, desc.border);
    if (what & 128)
        desc.cval = real(maker);
    uint8_t mode = flags(maker);
    desc.mode = mode < 250 ? (clf_mode)(mode % 3) : (clf_mode)any_int(maker);
    int64_t shape[CLF_MAX_RANK] = {0};
    clf_error error = {0};
    clf_status status = clf_convolve_shape(&desc, shape, &error);
    fuzz_expect_told(status, &error);
    desc.dst = fuzz_view(maker, maker->like.rank, status == CLF_OK ? shape : maker->like.shape, maker->like.dtype);
    desc.options = fuzz_options(maker);
    return desc;
}

#define CONVOLUTION(name)                                                          \
    static clf_status name(fuzz_maker *maker, clf_plan **plan, clf_error *error) { \
        const clf_convolve_desc desc = make_convolution(maker);                    \
        return clf_plan_##name(maker->context, &desc, plan, error);                \
    }
CONVOLUTION(convolve)
CONVOLUTION(correlate)
CONVOLUTION(convolve_adjoint)
CONVOLUTION(correlate_adjoint)
CONVOLUTION(convolve_weights)
CONVOLUTION(correlate_weights)

static clf_status match(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_match_desc desc = {.image = fuzz_like(maker)};
    clf_dtype wide = maker->like.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    int64_t shape[CLF_MAX_RANK] = {1 + (flags(maker) & 7), 1 + (flags(maker) & 7), 1, 1, 1, 1, 1, 1};
    uint8_t what = flags(maker);
    desc.score = (clf_match_score)(what % 4);
    if (desc.score == CLF_MATCH_PHASE && maker->like.rank >= 2 && maker->like.rank <= CLF_MAX_RANK)
        memcpy(shape, maker->like.shape + maker->like.rank - 2, 2 * sizeof *shape);
    desc.pattern = fuzz_view(maker, 2, shape, wide);
    desc.dst = fuzz_view(maker, maker->like.rank, maker->like.shape, wide);
    if (what & 16)
        borders(maker, 2, desc.border);
    if (what & 32)
        desc.cval = real(maker);
    if (what & 64)
        desc.mode = (clf_mode)any_int(maker);
    desc.options = fuzz_options(maker);
    return clf_plan_match(maker->context, &desc, plan, error);
}

/* Reads into `desc` what gradients and their backward pass are told besides tensors: the same bytes say it of both. */
#define GRADIENT_SETTINGS()                                                 \
    desc.op = (clf_gradient_operator)(flags(maker) % 8);                    \
    desc.sigma = what & 2 ? real(maker) : desc.op == CLF_GRADIENT_GAUSSIAN; \
    desc.axes = what & 4 ? any_int(maker) : 0;                              \
    desc.cval = what & 8 ? real(maker) : 0;                                 \
    desc.scale = what & 16 ? real(maker) : 0;                               \
    desc.eps = what & 32 ? real(maker) : 0;                                 \
    if (what & 64)                                                          \
        borders(maker, 3, desc.border);                                     \
    desc.options = fuzz_options(maker)

static clf_status gradient(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_gradient_desc desc = {.src = fuzz_like(maker)};
    uint8_t what = flags(maker);
    maker->like.dtype = what & 1 ? maker->like.dtype : CLF_F32;
    clf_view *outputs[] = {&desc.dst, &desc.dx, &desc.dy, &desc.dz, &desc.squared, &desc.l1, &desc.orientation};
    for (int i = 0; i < 7; i++)
        *outputs[i] = fuzz_perhaps(maker);
    GRADIENT_SETTINGS();
    return clf_plan_gradient(maker->context, &desc, plan, error);
}

static clf_status gradient_backward(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_gradient_backward_desc desc = {.src = fuzz_perhaps(maker)};
    uint8_t what = flags(maker);
    maker->like.dtype = what & 1 ? maker->like.dtype : CLF_F32;
    clf_view *inputs[] = {&desc.grad_dst,     &desc.grad_dx, &desc.grad_dy,         &desc.grad_dz,
                          &desc.grad_squared, &desc.grad_l1, &desc.grad_orientation};
    for (int i = 0; i < 7; i++)
        *inputs[i] = fuzz_perhaps(maker);
    desc.grad_src = fuzz_like(maker);
    GRADIENT_SETTINGS();
    return clf_plan_gradient_backward(maker->context, &desc, plan, error);
}

static clf_status laplace(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_laplace_desc desc = {.src = fuzz_like(maker), .dst = fuzz_like(maker)};
    uint8_t what = flags(maker);
    desc.sigma = what & 2 ? real(maker) : 0;
    desc.axes = what & 4 ? any_int(maker) : 0;
    desc.cval = what & 8 ? real(maker) : 0;
    desc.scale = what & 16 ? real(maker) : 0;
    if (what & 64)
        borders(maker, 3, desc.border);
    desc.options = fuzz_options(maker);
    return clf_plan_laplace(maker->context, &desc, plan, error);
}

static clf_status structure(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_structure_desc desc = {.src = fuzz_like(maker)};
    uint8_t what = flags(maker);
    clf_view *outputs[] = {&desc.response, &desc.xx, &desc.xy, &desc.yy};
    for (int i = 0; i < 4; i++)
        if ((i == 0) == (what & 1))
            *outputs[i] = what & 32 ? fuzz_perhaps(maker) : fuzz_like(maker);
    desc.sigma = what & 2 ? real(maker) : 0;
    desc.method = (clf_harris_method)(what >> 6);
    desc.k = what & 4 ? real(maker) : 0;
    desc.cval = what & 8 ? real(maker) : 0;
    if (what & 16)
        borders(maker, 2, desc.border);
    desc.options = fuzz_options(maker);
    return clf_plan_structure(maker->context, &desc, plan, error);
}

static clf_status canny(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_canny_desc desc = {.src = fuzz_like(maker)};
    desc.dst = fuzz_view(maker, maker->like.rank, maker->like.shape, CLF_U8);
    uint8_t what = flags(maker);
    desc.sigma = what & 2 ? real(maker) : 0;
    desc.low = what & 4 ? real(maker) : 0;
    desc.high = what & 4 ? real(maker) : 0;
    desc.cval = what & 8 ? real(maker) : 0;
    if (what & 16)
        borders(maker, 2, desc.border);
    desc.options = fuzz_options(maker);
    return clf_plan_canny(maker->context, &desc, plan, error);
}

static clf_status box(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_box_desc desc = {.src = fuzz_like(maker), .dst = fuzz_like(maker)};
    uint8_t what = flags(maker);
    desc.axes = what & 1 ? any_int(maker) : 0;
    for (int i = 0; i < 3; i++) {
        desc.size[i] = what & 2 ? any_int(maker) : i == 0 ? 3 : 0;
        desc.origin[i] = what & 4 ? any_int(maker) : 0;
    }
    desc.cval = what & 8 ? real(maker) : 0;
    if (what & 16)
        borders(maker, 3, desc.border);
    desc.options = fuzz_options(maker);
    return clf_plan_box(maker->context, &desc, plan, error);
}

static clf_status smoothness(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    uint8_t what = flags(maker);
    int64_t shape[CLF_MAX_RANK], one[CLF_MAX_RANK] = {1, 1, 1, 1, 1, 1, 1, 1};
    maker->like.rank = what & 1 ? maker->like.rank : 4;
    memcpy(shape, maker->like.shape, sizeof shape);
    shape[1] = 1;
    clf_dtype wide = maker->like.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    clf_smoothness_desc desc = {.disparity = fuzz_view(maker, maker->like.rank, shape, maker->like.dtype),
                                .image = fuzz_like(maker)};
    desc.norm = (clf_smoothness_norm)(flags(maker) % 3);
    desc.reduction = (clf_smoothness_reduction)(flags(maker) % 5);
    bool map = desc.reduction == CLF_SMOOTHNESS_NONE;
    if (what & 2)
        desc.grad_loss = fuzz_view(maker, map ? 4 : 1, map ? shape : one, wide);
    if ((what & 4) == 0)
        desc.loss = fuzz_view(maker, map ? 4 : 1, map ? shape : one, wide);
    if (what & 8)
        desc.grad_disparity = fuzz_view(maker, maker->like.rank, shape, wide);
    if (what & 16)
        desc.grad_image = fuzz_view(maker, maker->like.rank, maker->like.shape, wide);
    desc.order = what & 32 ? any_int(maker) : 0;
    desc.edge_weight = what & 64 ? real(maker) : 0;
    desc.ignore_image = (what & 128) != 0;
    desc.options = fuzz_options(maker);
    return clf_plan_smoothness(maker->context, &desc, plan, error);
}

/* What a selection and its adjoint have in common. */
typedef struct selection {
    int axis;
    clf_array indices;
    clf_view indices_view, selected;
    clf_index_mode mode;
} selection;

static selection make_selection(fuzz_maker *maker) {
    selection made = {.axis = 0};
    uint8_t what = flags(maker);
    int64_t shape[CLF_MAX_RANK], count[CLF_MAX_RANK] = {flags(maker) % 16, 1, 1, 1, 1, 1, 1, 1};
    memcpy(shape, maker->like.shape, sizeof shape);
    shape[0] = count[0];
    made.axis = what & 1 ? any_int(maker) : 0;
    if ((what & 6) != 2)
        made.indices = fuzz_array(maker, 1, count, what & 8 ? CLF_I32 : CLF_I64);
    if ((what & 6) == 2 || (what & 16))
        made.indices_view = fuzz_view(maker, 1, count, what & 8 ? CLF_I32 : CLF_I64);
    made.selected = fuzz_view(maker, maker->like.rank, shape, maker->like.dtype);
    made.mode = (clf_index_mode)(what >> 6);
    return made;
}

static clf_status take(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    const selection of = make_selection(maker);
    const clf_take_desc desc = {fuzz_like(maker), of.selected, of.indices,         of.indices_view,
                                of.axis,          of.mode,     fuzz_options(maker)};
    return clf_plan_take(maker->context, &desc, plan, error);
}

static clf_status put_add(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    const selection of = make_selection(maker);
    const clf_put_add_desc desc = {of.selected, fuzz_like(maker),        of.indices,         of.indices_view, of.axis,
                                   of.mode,     (flags(maker) & 1) != 0, fuzz_options(maker)};
    return clf_plan_put_add(maker->context, &desc, plan, error);
}

/* Extents of matrices: of (m, n), (n, m), (m, r) and (n, r). */
static clf_view matrix(fuzz_maker *maker, int64_t rows, int64_t columns) {
    return fuzz_ending(maker, 2, (const int64_t[]){rows, columns}, maker->like.dtype);
}

static clf_status matrices(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    uint8_t what = flags(maker);
    int64_t m = small(maker, 17), n = what & 16 ? m : small(maker, 17), r = 1 + (what >> 5);
    double rcond = what & 8 ? real(maker) : 0;
    maker->like.dtype = maker->like.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    const clf_view a = matrix(maker, m, n), p = matrix(maker, n, m), b = matrix(maker, m, r), x = matrix(maker, n, r),
                   g = matrix(maker, n, m), d = matrix(maker, m, n);
    const clf_plan_options options = fuzz_options(maker);
    clf_view det = fuzz_like(maker);
    det.rank = det.rank > 2 ? det.rank - 2 : det.rank;
    switch (what % 7) {
    case 0: return clf_plan_pinv(maker->context, &(clf_pinv_desc){a, p, rcond, options}, plan, error);
    case 1: return clf_plan_pinv_backward(maker->context, &(clf_pinv_backward_desc){a, p, g, d, options}, plan, error);
    case 2: return clf_plan_inv(maker->context, &(clf_inv_desc){a, d, options}, plan, error);
    case 3: return clf_plan_inv_backward(maker->context, &(clf_inv_backward_desc){p, g, p, options}, plan, error);
    case 4: return clf_plan_det(maker->context, &(clf_det_desc){a, det, options}, plan, error);
    case 5: return clf_plan_solve(maker->context, &(clf_solve_desc){a, b, x, false, rcond, options}, plan, error);
    default: return clf_plan_solve(maker->context, &(clf_solve_desc){a, b, x, true, rcond, options}, plan, error);
    }
}

static clf_status shift(fuzz_maker *maker, clf_plan **plan, clf_error *error) {
    clf_shift_desc desc = {.src = fuzz_like(maker), .dst = fuzz_like(maker)};
    uint8_t what = flags(maker);
    for (int i = 0; i < CLF_MAX_RANK; i++)
        desc.by[i] = what & 1 ? real(maker) : any_int(maker);
    if (what & 2)
        borders(maker, CLF_MAX_RANK, desc.border);
    desc.cval = what & 4 ? real(maker) : 0;
    desc.method = (clf_shift_method)(what >> 5);
    desc.options = fuzz_options(maker);
    return clf_plan_shift(maker->context, &desc, plan, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const fuzz_operation operations[] = {convolve,
                                                correlate,
                                                convolve_adjoint,
                                                correlate_adjoint,
                                                convolve_weights,
                                                correlate_weights,
                                                match,
                                                gradient,
                                                gradient_backward,
                                                laplace,
                                                structure,
                                                canny,
                                                box,
                                                smoothness,
                                                take,
                                                put_add,
                                                matrices,
                                                shift};
    enum { COUNT = sizeof operations / sizeof *operations };
    if (size == 0)
        return 0;
    fuzz_maker maker;
    fuzz_begin(&maker, data + 1, size - 1);
    clf_plan *plan = NULL;
    clf_error error = {0};
    clf_status status = operations[data[0] % COUNT](&maker, &plan, &error);
    fuzz_expect_told(status, &error);
    fuzz_expect((status == CLF_OK) == (plan != NULL), "a plan and a status disagree");
    fuzz_use_plan(maker.context, plan);
    fuzz_end(&maker);
    return 0;
}

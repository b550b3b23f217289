/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derivatives, between their descriptors (describe.c, laplace.c, ...) and the steps that compute them: the solvers of
 * gradients (planes.c, flat.c, rows.c, each.c, which share step.c) and filters along axes (axis.c). Everything made of
 * derivatives is a list of such steps.
 */
#ifndef CLF_OPS_GRADIENT_GRADIENT_H
#define CLF_OPS_GRADIENT_GRADIENT_H

#include "ops/gradient/words.h"
#include "ops/operation.h"
#include "plan/batch.h"

#include "cl/gradient/geometry.h"

#include <clfilter/ops.h>

enum {
    CLF_GRADIENT_OUTPUTS = 7,
    CLF_GRADIENT_RADIUS = 512, /* greatest, of a Gaussian; cl/gradient/sums.h says so too */
    CLF_GRADIENT_RADIUS_3D = 32,
    CLF_GRADIENT_FLAT_WIDTH =
        512 /* greatest, of rows that are taken several at once; cl/gradient/planes.cl says so too */
};

/* The taps of an operator: smoothing, then derivative, 2*radius + 1 each, for correlations. */
typedef struct clf_gradient_taps {
    int radius;
    double smooth[2 * CLF_GRADIENT_RADIUS + 1], derivative[2 * CLF_GRADIENT_RADIUS + 1];
    double first; /* a power of two: what the first pass's are multiplied by, and the scale is divided by */
} clf_gradient_taps;

/* What is derived, and how. */
typedef struct clf_gradient_stencil {
    clf_gradient_operator op;
    double sigma;         /* of the operator gaussian, else 0 */
    int order;            /* 1; 2: second derivatives, central or gaussian */
    int axes;             /* 2 or 3 */
    clf_border border[3]; /* z, y, x; z is replicate where two axes are derived */
    double cval, scale;
} clf_gradient_stencil;

/* A view and what it holds (GRADIENT_DX ...), in an operand or in scratch of the plan. */
typedef struct clf_gradient_place {
    int what;
    clf_view view;
    bool scratch;
    cl_uint index;
} clf_gradient_place;

typedef struct clf_gradient_problem {
    clf_gradient_stencil stencil;
    double eps;
    bool usual; /* src holds what was made of usual numbers, whatever its type */
    clf_gradient_place src;
    int outputs;
    clf_gradient_place output[CLF_GRADIENT_OUTPUTS];
} clf_gradient_problem;

/* A stencil as descriptors give it, defaults replaced; `src` is resolved. */
clf_status clf_gradient_check_stencil(const char *function, const clf_view *src, const clf_border *border,
                                      clf_gradient_stencil *stencil, clf_error *error);

/* Checks src: its dtype, and a rank that has the axes derived. */
clf_status clf_gradient_check_source(const char *function, const clf_view *src, int axes, clf_error *error);

/* Checks 0 < sigma <= most. */
clf_status clf_gradient_check_sigma(const char *function, double sigma, double most, clf_error *error);

/* True where a descriptor's view is asked for: one of its fields is not zero. */
bool clf_gradient_wanted(const clf_view *view);

/* Resolves an output as given and checks it against src: shape, and f64 from f64, else f32 or src's f16. */
clf_status clf_gradient_check_output(const char *function, const clf_view *given, const char *name, const clf_view *src,
                                     clf_view *resolved, clf_error *error);

/* Fills what a line says of a stencil, and its shape. */
void clf_gradient_say_stencil(const clf_gradient_stencil *stencil, const clf_view *src, clf_gradient_words *words);

void clf_gradient_make_taps(const clf_gradient_stencil *stencil, clf_gradient_taps *taps);

/* A Gaussian's radius: floor(4*sigma + 0.5). */
int clf_gradient_radius(double sigma);

/* Smoothing taps of a Gaussian. */
void clf_gradient_gaussian(double sigma, clf_gradient_taps *taps);

/* Makes a table of taps in the arithmetic's type: smoothing, derivative, then both as the first pass takes them. */
clf_status clf_gradient_own_taps(clf_plan *plan, const clf_gradient_taps *taps, bool wide, cl_mem *table,
                                 clf_error *error);

/* Adds the steps that compute a problem's outputs, by the solver of the least estimate. */
clf_status clf_gradient_add(clf_plan *plan, const clf_gradient_problem *problem, clf_error *error);

/* What the last pass makes of the fields; cl/gradient/axis.cl says so too. */
enum { CLF_FINISH_EACH = 0, CLF_FINISH_SUM, CLF_FINISH_HARRIS, CLF_FINISH_HARRIS_EPS, CLF_FINISH_INSIDE };

/*
 * Filters along the axes of dense fields in scratch, the outermost first, the last into outputs (cl/gradient/axis.cl).
 * Both pieces of scratch hold clf_gradient_fields_bytes(); the fields are in the first, the second is overwritten, and
 * with three axes the first too.
 */
typedef struct clf_gradient_filter {
    const clf_view *shape; /* whose rank and extents the fields have */
    int axes, fields;
    bool adjoint;     /* of the correlation; field 0 is derived along x, 1 along y, 2 along z */
    bool smooth_only; /* every field takes the smoothing's taps along every axis */
    clf_border border[3];
    double cval;
    int finish;
    double parameter; /* k or eps of Harris's response, what is added to the part inside */
    cl_uint scratch[2];
    int outputs;
    clf_gradient_place output[3];
} clf_gradient_filter;

int64_t clf_gradient_fields_bytes(const clf_view *shape, int fields);
clf_status clf_gradient_add_filter(clf_plan *plan, const clf_gradient_filter *filter, const clf_gradient_taps *taps,
                                   bool wide, clf_error *error);

/* A dense view of one field in scratch, of the type that arithmetic on `shape` has. */
clf_gradient_place clf_gradient_field(const clf_view *shape, int what, int field, cl_uint scratch);

/* Passes an operand or scratch as the next argument. */
void clf_gradient_set_place(clf_launch *launch, const char *name, const clf_gradient_place *place);

/*
 * Writes how a tensor is cut along an axis, where `radius` outputs next to a slab's end depend on what is beyond it.
 * True where the axis is derived.
 */
bool clf_gradient_cut(const clf_gradient_stencil *stencil, const clf_view *src, int axis, int64_t radius, clf_cut *cut);

/* Takes the border that was gathered out of a slab's stencil. */
void clf_gradient_slice_border(clf_gradient_stencil *stencil, const clf_view *src, int axis);

/* Bytes of the views of a problem, each once; flops of one pass. */
void clf_gradient_cost(const void *problem, clf_plan_cost *cost);

/* How a solver of gradients launches its kernel. */
typedef struct clf_gradient_kernel {
    const char *source, *name; /* static */
    int vector;
    size_t local;
    bool contiguous; /* all x strides are 1 */
    bool past;       /* outputs are stored past the cache */
    int planes;      /* made side by side; 0: it makes no planes */
} clf_gradient_kernel;

/* True where the outputs are dense, of the arithmetic's type, and too much for the cache. */
bool clf_gradient_past_cache(const clf_context *context, const clf_gradient_problem *problem);

/* True where the rows of every plane lie one behind the other in every operand, short enough for several at once. */
bool clf_gradient_is_flat(const clf_gradient_problem *problem);

/* True where an operator of three taps smooths across its derivative. */
bool clf_gradient_smooths(const clf_gradient_stencil *stencil);

/* Seconds of one pass that takes `slowdown` times what memory alone would. */
double clf_gradient_seconds(const clf_context *context, const clf_gradient_problem *problem, double slowdown);

/*
 * The same of a solver whose work-items take many elements in order; infinite where a device likes that not: there they
 * are for those who name them.
 */
double clf_gradient_seconds_in_order(const clf_context *context, const clf_gradient_problem *problem, double slowdown);

/* Adds a step whose first arguments are set: x, y0.., g, cval, scale, eps, root_eps. */
clf_status clf_gradient_begin(clf_plan *plan, const clf_gradient_problem *problem, const clf_gradient_kernel *kernel,
                              clf_launch **launch, clf_error *error);

/* Makes the table that its kernels read (cl/gradient/geometry.h). */
clf_status clf_gradient_own_table(clf_plan *plan, const clf_gradient_problem *problem, cl_mem *table, clf_error *error);

/* True where elements and a border's constant are of usual magnitude: those of 8 and 16 bits are. */
bool clf_gradient_usual(clf_dtype dtype, double cval);

/* True where derivatives of three taps may overflow. */
bool clf_gradient_overflows(const clf_gradient_problem *problem);

/* The derivative, smoothing and order of three taps as kernels take them (cl/gradient/derivative.h). */
void clf_gradient_three_taps(const clf_gradient_stencil *stencil, clf_text *options);

/* Passes a table of taps and their radius as the next arguments. */
clf_status clf_gradient_set_taps(clf_plan *plan, const clf_gradient_problem *problem, clf_launch *launch,
                                 clf_error *error);

/* How many rows a work-item makes, where it need not make whole planes. */
int64_t clf_gradient_choose_rows(const clf_context *context, const clf_gradient_problem *problem);

/* Ends the step of a kernel whose work-items make `rows` rows each, its last argument. */
clf_status clf_gradient_end_rows(clf_plan *plan, const clf_gradient_problem *problem, const clf_gradient_kernel *kernel,
                                 int64_t rows, clf_launch *launch, clf_error *error);

extern const clf_solver clf_gradient_planes, clf_gradient_flat, clf_gradient_rows, clf_gradient_dense,
    clf_gradient_each;
extern const clf_solver clf_laplace_planes, clf_laplace_flat, clf_laplace_rows, clf_laplace_dense, clf_laplace_each;
extern const clf_solver_family clf_gradient_dense_family; /* its parameter: the solvers for dense memory */
extern const clf_solver *const clf_gradient_solvers[];    /* ends with NULL; the last is the safe one */
extern const clf_slicing clf_gradient_slicing;

#endif

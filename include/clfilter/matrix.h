/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file matrix.h
 * Many small matrices at once: pseudo-inverse, inverse, determinant, linear systems, and two backward passes.
 *
 * The last two axes of a view are the rows and columns of a matrix, 1 to 16 of each; all axes before them count
 * matrices. Strides are free: matrices that lie as (2, 4, N) are read in place through clf_view_permute {2, 0, 1}.
 * f32 and f64, computed in the tensor's own type.
 *
 * Each matrix is computed by itself. One that holds a NaN or an Inf gives NaN throughout its own result, and touches no
 * other.
 */
#ifndef CLFILTER_MATRIX_H
#define CLFILTER_MATRIX_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most rows, and most columns, of a matrix. */
#define CLF_MAX_MATRIX 16

/**
 * Moore-Penrose inverse A+ of every matrix, by the singular value decomposition (one-sided Jacobi rotations:
 * Hestenes, 1958; Demmel and Veselic, 1992), or, where the lesser of rows and columns is 2 and rcond < 1, by
 * orthogonalising the two twice (Gram and Schmidt; Giraud and others, 2005). Zero in every field but src and dst is a
 * default.
 *
 * Equal to numpy.linalg.pinv: singular values <= rcond times the largest count as 0, so that a matrix of less than full
 * rank gives its minimum-norm answer, and a matrix of zeros gives zeros.
 * ||A A+ A - A|| <= 32 eps ||A|| cond(A) while cond(A) < 0.1/eps.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_pinv_desc {
    clf_view src; /**< (..., m, n), f32 or f64 */
    clf_view dst; /**< (..., n, m), src's dtype; must not overlap itself or src */
    double
        rcond; /**< 0, the default, means max(m, n) * eps of the dtype; finite, 0 or more. Values below 1e-18 (f32) or
                        1e-150 (f64) count as that. */
    clf_plan_options options;
} clf_pinv_desc;

/**
 * Plans the pseudo-inverse.
 *
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_pinv_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (rank < 2 among others); CLF_INVALID_VALUE (rcond);
 *         CLF_SHAPE_MISMATCH (more than 16 rows or columns, or dst's shape); CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS;
 *         CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_UNSUPPORTED (f64 on a device without it); CLF_NO_SOLVER;
 *         CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_pinv(clf_context *context, const clf_pinv_desc *desc, clf_plan **plan,
                                             clf_error *error);

/**
 * Backward of the pseudo-inverse: from dL/dP, P = A+, the gradient dL/dA where the rank does not change (Golub and
 * Pereyra, 1973):
 *
 *   dL/dA = -P' G P' + (I - A P) G' P P' + P' P G' (I - P A),   G = dL/dP, ' the transpose
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 pinv, 3 grad.
 */
typedef struct clf_pinv_backward_desc {
    clf_view src;  /**< A, (..., m, n), f32 or f64 */
    clf_view pinv; /**< P, (..., n, m), as clf_plan_pinv gave it */
    clf_view grad; /**< G, (..., n, m) */
    clf_view dst;  /**< dL/dA, (..., m, n); all of one dtype; must not overlap itself or an input */
    clf_plan_options options;
} clf_pinv_backward_desc;

/** Plans the backward of the pseudo-inverse. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_pinv_backward(clf_context *context, const clf_pinv_backward_desc *desc,
                                                      clf_plan **plan, clf_error *error);

/**
 * Inverse of every square matrix, by elimination with partial pivoting; numpy.linalg.inv. A matrix that elimination
 * finds exactly singular gives NaN for itself alone.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_inv_desc {
    clf_view src; /**< (..., n, n), f32 or f64 */
    clf_view dst; /**< the same shape and dtype; must not overlap itself or src */
    clf_plan_options options;
} clf_inv_desc;

/** Plans the inverse. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_inv(clf_context *context, const clf_inv_desc *desc, clf_plan **plan,
                                            clf_error *error);

/**
 * Backward of the inverse: dL/dA = -P' G P', with P = inv(A), G = dL/dP.
 *
 * Operands of clf_execute: 0 inverse, 1 dst, 2 grad.
 */
typedef struct clf_inv_backward_desc {
    clf_view inverse; /**< P, (..., n, n), f32 or f64, as clf_plan_inv gave it */
    clf_view grad;    /**< G, the same shape and dtype */
    clf_view dst;     /**< dL/dA, likewise; must not overlap itself or an input */
    clf_plan_options options;
} clf_inv_backward_desc;

/** Plans the backward of the inverse. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_inv_backward(clf_context *context, const clf_inv_backward_desc *desc,
                                                     clf_plan **plan, clf_error *error);

/**
 * Determinant of every square matrix, by elimination with partial pivoting; numpy.linalg.det. The product of the pivots
 * cannot overflow or underflow on the way to a determinant that does not.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_det_desc {
    clf_view src; /**< (..., n, n), f32 or f64 */
    clf_view
        dst; /**< src's shape without the last two axes, (1) where there are no others; src's dtype; must not overlap
                       itself or src */
    clf_plan_options options;
} clf_det_desc;

/** Plans the determinant. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_det(clf_context *context, const clf_det_desc *desc, clf_plan **plan,
                                            clf_error *error);

/**
 * Solves A X = B for every matrix, with any number of right-hand sides. Zero in every field but matrix, right and dst
 * is a default.
 *
 * Default: A is square; elimination with partial pivoting, numpy.linalg.solve. A matrix that elimination finds exactly
 * singular gives NaN for itself alone.
 * least_squares: any A; the X of least norm among those that minimise ||A X - B||, A+ B, as numpy.linalg.lstsq.
 *
 * X is linear in B: its adjoint is the same call with A transposed (clf_view_permute).
 *
 * Operands of clf_execute: 0 matrix, 1 dst, 2 right.
 */
typedef struct clf_solve_desc {
    clf_view matrix;    /**< A, (..., m, n), f32 or f64; m = n unless least_squares */
    clf_view right;     /**< B, (..., m, r), A's dtype; r >= 1 of any size */
    clf_view dst;       /**< X, (..., n, r), A's dtype; must not overlap itself or an input */
    bool least_squares; /**< default false */
    double rcond;       /**< of least_squares: as in clf_pinv_desc; otherwise 0 */
    clf_plan_options options;
} clf_solve_desc;

/** Plans the solution of linear systems. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_solve(clf_context *context, const clf_solve_desc *desc, clf_plan **plan,
                                              clf_error *error);

#ifdef __cplusplus
}
#endif
#endif

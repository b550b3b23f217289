/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file matrix.h
 * Many small matrices at once: pseudo-inverse, inverse, determinant, linear systems, and two backward passes.
 *
 * The last two axes of a view are the rows and columns of a matrix, 1 to 16 of each; all axes before them count
 * matrices. Any strides are allowed: matrices stored as (2, 4, N) are read in place through clf_view_permute {2, 0, 1}.
 * f32 and f64, computed in the tensor's own type.
 *
 * Each matrix is computed independently. One that contains a NaN or an Inf fills its own result with NaN and affects no
 * other.
 */
#ifndef CLFILTER_MATRIX_H
#define CLFILTER_MATRIX_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Largest number of rows, and of columns, of a matrix. */
#define CLF_MAX_MATRIX 16

/**
 * Moore-Penrose inverse A+ of every matrix, by the singular value decomposition (one-sided Jacobi rotations:
 * Hestenes, 1958; Demmel and Veselic, 1992) or, if the smaller of rows and columns is 2 and rcond < 1, by
 * orthogonalising those two twice (Gram and Schmidt; Giraud and others, 2005). Every field except src and dst may be
 * left zero, its default.
 *
 * Agrees with numpy.linalg.pinv: singular values <= rcond times the largest count as 0, so a rank-deficient matrix
 * gives its minimum-norm result, and a matrix of zeros gives zeros.
 * ||A A+ A - A|| <= 32 eps ||A|| cond(A) while cond(A) < 0.1/eps.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_pinv_desc {
    clf_view src; /**< (..., m, n), f32 or f64 */
    clf_view dst; /**< (..., n, m), src's dtype; must not overlap itself or src */
    double rcond; /**< 0, the default, means max(m, n) * eps of the dtype; finite, >= 0. Values below 1e-18 (f32) or
                        1e-150 (f64) count as that. */
    clf_plan_options options;
} clf_pinv_desc;

/**
 * Plans the pseudo-inverse.
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_pinv_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (for example, rank < 2); CLF_INVALID_VALUE (rcond);
 *         CLF_SHAPE_MISMATCH (more than 16 rows or columns, or dst's shape); CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS;
 *         CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_UNSUPPORTED (f64 on a device without it); CLF_NO_SOLVER;
 *         CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_pinv(clf_context *context, const clf_pinv_desc *desc, clf_plan **plan,
                                             clf_error *error);

/**
 * Backward pass of the pseudo-inverse P = A+: from dL/dP, the gradient dL/dA, provided the rank does not change (Golub
 * and Pereyra, 1973):
 *
 *   dL/dA = -P' G P' + (I - A P) G' P P' + P' P G' (I - P A),   G = dL/dP, ' the transpose
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 pinv, 3 grad.
 */
typedef struct clf_pinv_backward_desc {
    clf_view src;  /**< A, (..., m, n), f32 or f64 */
    clf_view pinv; /**< P, (..., n, m), as computed by clf_plan_pinv */
    clf_view grad; /**< G, (..., n, m) */
    clf_view dst;  /**< dL/dA, (..., m, n); all of one dtype; must not overlap itself or an input */
    clf_plan_options options;
} clf_pinv_backward_desc;

/** Plans the backward pass of the pseudo-inverse. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_pinv_backward(clf_context *context, const clf_pinv_backward_desc *desc,
                                                      clf_plan **plan, clf_error *error);

/**
 * Inverse of every square matrix, by elimination with partial pivoting; numpy.linalg.inv. If elimination finds a matrix
 * exactly singular, its own result, and no other, is NaN.
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
 * Backward pass of the inverse: dL/dA = -P' G P', with P = inv(A), G = dL/dP.
 *
 * Operands of clf_execute: 0 inverse, 1 dst, 2 grad.
 */
typedef struct clf_inv_backward_desc {
    clf_view inverse; /**< P, (..., n, n), f32 or f64, as computed by clf_plan_inv */
    clf_view grad;    /**< G, the same shape and dtype */
    clf_view dst;     /**< dL/dA, likewise; must not overlap itself or an input */
    clf_plan_options options;
} clf_inv_backward_desc;

/** Plans the backward pass of the inverse. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_inv_backward(clf_context *context, const clf_inv_backward_desc *desc,
                                                     clf_plan **plan, clf_error *error);

/**
 * Determinant of every square matrix, by elimination with partial pivoting; numpy.linalg.det. The product of the pivots
 * does not overflow or underflow unless the determinant does.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_det_desc {
    clf_view src; /**< (..., n, n), f32 or f64 */
    clf_view
        dst; /**< src's shape without the last two axes, or (1) if there are no others; src's dtype; must not overlap
                       itself or src */
    clf_plan_options options;
} clf_det_desc;

/** Plans the determinant. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_det(clf_context *context, const clf_det_desc *desc, clf_plan **plan,
                                            clf_error *error);

/**
 * Solves A X = B for every matrix, with any number of right-hand sides. Every field except matrix, right and dst may be
 * left zero, its default.
 *
 * Default: A is square, and is eliminated with partial pivoting, as by numpy.linalg.solve. If elimination finds a
 * matrix exactly singular, its own result, and no other, is NaN.
 * least_squares: A is any matrix; the result is A+ B, the X of least norm among those that minimise ||A X - B||, as
 * from numpy.linalg.lstsq.
 *
 * X is linear in B, and the adjoint is the same call with A transposed (clf_view_permute).
 *
 * Operands of clf_execute: 0 matrix, 1 dst, 2 right.
 */
typedef struct clf_solve_desc {
    clf_view matrix;    /**< A, (..., m, n), f32 or f64; m = n unless least_squares */
    clf_view right;     /**< B, (..., m, r), A's dtype; r >= 1 of any size */
    clf_view dst;       /**< X, (..., n, r), A's dtype; must not overlap itself or an input */
    bool least_squares; /**< default false */
    double rcond;       /**< for least_squares: as in clf_pinv_desc; otherwise 0 */
    clf_plan_options options;
} clf_solve_desc;

/** Plans the solution of linear systems. @return as clf_plan_pinv. */
CLF_API CLF_CHECKED clf_status clf_plan_solve(clf_context *context, const clf_solve_desc *desc, clf_plan **plan,
                                              clf_error *error);

#ifdef __cplusplus
}
#endif
#endif

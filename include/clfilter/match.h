/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file match.h
 * Comparing two images at every shift: cross-correlation, normalised template matching, phase correlation.
 */
#ifndef CLFILTER_MATCH_H
#define CLFILTER_MATCH_H

#include <clfilter/convolve.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The score of a shift. p is the pattern, h x w, and x the image; k runs over the pattern, and c is the pattern's
 * centre, which depends on `mode`.
 */
typedef enum clf_match_score {
    /** y[i] = sum_k p[k] * x~[i + k - c]: clf_plan_correlate with the pattern as its kernel. */
    CLF_MATCH_CORRELATION = 0,
    /**
     * y[i] = sum_k (p[k] - mean p) * (x~[i + k - c] - m[i]) / sqrt(sum_k (p[k] - mean p)^2 * sum_k (x~[i + k - c] -
     * m[i])^2), where m[i] is the mean of the window: from -1 to 1. In valid mode this is
     * skimage.feature.match_template and OpenCV's TM_CCOEFF_NORMED. The score is 0 if the pattern or the window is
     * flat, that is, if its variance is below 1e-10 of its mean square (1e-5 on devices without f64).
     */
    CLF_MATCH_NORMALISED,
    /**
     * Phase correlation with a pattern as large as the image, both continued periodically: if X and P are their
     * discrete Fourier transforms, the inverse transform of X conj(P) / |X conj(P)|, or of 0 where that product is 0.
     * Its peak is at the shift t for which x[i] resembles p[i - t] (Kuglin and Hines, 1975).
     */
    CLF_MATCH_PHASE
} clf_match_score;

/** "correlation", "normalised" or "phase". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_match_score_name(clf_match_score score);

/**
 * A pattern compared with every plane (last two axes) of an image. Every field except image, pattern and dst may be
 * left zero, its default.
 *
 * Results are f32, or f64 if the image is. Correlation is as accurate as clf_plan_correlate. Normalised scores are
 * within 1e-4 (1e-9 in f64) of the formula if the window's standard deviation is at least 1e-2 of its largest absolute
 * value; the magnitudes of image and pattern do not matter, from the smallest subnormal to the greatest finite numbers.
 * Phase correlation amplifies whatever is near 0 in both spectra, so it has no such bound. For it, VkFFT accepts
 * images of any size except a width of 1; clFFT accepts extents without prime factors other than 2, 3, 5 and 7.
 *
 * Operands of clf_execute: 0 image, 1 dst, 2 pattern.
 */
typedef struct clf_match_desc {
    clf_view image;   /**< f32, f64, f16, u8, u16 or i16; rank >= 2 */
    clf_view pattern; /**< f32 (f64 if the image is), rank 2, read at every execution */
    clf_view dst;     /**< f32 (f64 if the image is): image's shape, with the last two extents according to `mode` */
    clf_match_score score; /**< default correlation */
    clf_border border[2];  /**< of y and x; default reflect. CLF_MATCH_PHASE ignores it, being periodic. */
    double cval;           /**< v of CLF_BORDER_CONSTANT; default 0. Not NaN. */
    clf_mode mode; /**< default same: y[i] is the score with the pattern's centre (h/2, w/2) on i. Valid: with its first
                                element on i, as is usual in template matching. CLF_MATCH_PHASE accepts only same, and
                                its centre is the first element. */
    clf_plan_options
        options; /**< options.solver names a solver of the correlation, such as "conv.fft", or with CLF_MATCH_PHASE
                                   "phase.vkfft" or "phase.clfft" */
} clf_match_desc;

/**
 * Plans a comparison.
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_match_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (an unknown score, border or mode, a cval of
 *         NaN, phase correlation in a mode other than same); CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH;
 *         CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_KERNEL_TOO_LARGE; CLF_INVALID_HANDLE; CLF_UNSUPPORTED; CLF_NO_SOLVER
 *         (with phase correlation also if no library can transform the extents); CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY;
 *         CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_match(clf_context *context, const clf_match_desc *desc, clf_plan **plan,
                                              clf_error *error);

#ifdef __cplusplus
}
#endif
#endif

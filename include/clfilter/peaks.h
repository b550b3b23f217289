/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file peaks.h
 * What a device can do at most, measured: what a plan's time is judged by.
 */
#ifndef CLFILTER_PEAKS_H
#define CLFILTER_PEAKS_H

#include <clfilter/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A device's limits in f32, each the best of several runs. */
typedef struct clf_device_peaks {
    double copy_bytes; /**< bytes a second, those read and those written, of a copy that no cache holds */
    double flops;      /**< operations a second of fused multiply-adds on registers, each counted as 2 */
} clf_device_peaks;

/**
 * Measures a device's limits on the context's queue, in about a second. Takes two buffers of 128 MiB, or of an eighth
 * of the device's memory or its largest buffer where those are less, and releases them.
 *
 * With clf_plan_get_cost, bytes / copy_bytes and flops / clf_device_peaks.flops are the least seconds that an execution
 * can take, as far as its tensors are not in a cache.
 *
 * @param peaks  receives the limits
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 *         Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_context_measure_peaks(clf_context *context, clf_device_peaks *peaks,
                                                         clf_error *error);

#ifdef __cplusplus
}
#endif
#endif

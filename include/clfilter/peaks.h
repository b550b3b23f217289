/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file peaks.h
 * The measured limits of a device, for judging the time that a plan takes.
 */
#ifndef CLFILTER_PEAKS_H
#define CLFILTER_PEAKS_H

#include <clfilter/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Limits of a device in f32, each the best of several runs. */
typedef struct clf_device_peaks {
    double copy_bytes; /**< bytes per second, read plus written, of a copy too large for any cache */
    double flops;      /**< operations per second of fused multiply-adds on registers, each counted as 2 */
} clf_device_peaks;

/**
 * Measures a device's limits on the context's queue, in about a second. Uses two temporary buffers of 128 MiB each, or
 * of an eighth of the device's memory or its largest buffer if that is less.
 *
 * With the bytes and flops of clf_plan_get_cost, bytes / copy_bytes and flops / clf_device_peaks.flops are the fewest
 * seconds that an execution can take, unless its tensors are in a cache.
 *
 * From then on, the planner estimates this context's plans with the limits that were measured first, instead of with
 * those it assumes for a device of this class. They are not kept beyond the context: wisdom, which is, remembers what
 * was measured of plans themselves.
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

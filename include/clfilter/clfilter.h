/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file clfilter.h
 * clfilter: filters for images and tensors on any OpenCL device; one written-down answer on every path.
 *
 * This header brings all the others. In reading order:
 *   status.h   what a call says back
 *   context.h  a device and its queue
 *   tensor.h   views of device memory, host arrays, transfers between them
 *   plan.h     what every operation's plan can do: execute, describe, clone, destroy
 *   peaks.h    what a device can do at most, measured
 *   cache.h    built programs kept on disk
 *   line.h     problems as lines of text, and plans made from them
 *   wisdom.h   what measured plans have found, kept and shared
 *   ops.h      the operations: their formulas, borders, shapes and defaults
 *   version.h  the version, and what stays the same from one to the next
 *
 * Conventions that hold everywhere:
 *   - zero is every descriptor field's default, so &(clf_convolve_desc){ .src = a, .kernel = k, .dst = b } works;
 *   - axes are in C order: the last axis of a view is usually x;
 *   - extents, strides and offsets count elements, never bytes, unless a name says bytes;
 *   - "Returned with ownership; release with F" means the caller must call F once;
 *     "Borrowed until X" means the caller keeps the object alive and unchanged until X;
 *   - a function without a thread rule may be called from any thread, on different objects at once.
 */
#ifndef CLFILTER_CLFILTER_H
#define CLFILTER_CLFILTER_H

#include <clfilter/cache.h>
#include <clfilter/context.h>
#include <clfilter/line.h>
#include <clfilter/ops.h>
#include <clfilter/peaks.h>
#include <clfilter/plan.h>
#include <clfilter/status.h>
#include <clfilter/stream.h>
#include <clfilter/tensor.h>
#include <clfilter/version.h>
#include <clfilter/wisdom.h>

#endif

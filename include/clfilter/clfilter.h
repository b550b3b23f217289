/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file clfilter.h
 * clfilter: filters for images and tensors on any OpenCL device, with one defined result on every path.
 *
 * This header includes all the others. In reading order:
 *   status.h   what a call returns
 *   context.h  a device and its queue
 *   tensor.h   views of device memory, host arrays, and transfers between them
 *   plan.h     what every plan can do: execute, describe, clone, destroy
 *   peaks.h    the measured limits of a device
 *   cache.h    the disk cache of built programs
 *   line.h     problems as lines of text, and plans made from those lines
 *   wisdom.h   which solver was fastest, remembered and shared
 *   stream.h   plans executed on host memory and files, whole or slab by slab
 *   ops.h      the operations: their formulas, borders, shapes and defaults
 *   version.h  the version, and what a program may rely on in later versions
 *
 * Conventions that hold everywhere:
 *   - every descriptor field defaults to zero, so &(clf_convolve_desc){ .src = a, .kernel = k, .dst = b } works;
 *   - axes are in C order: the last axis of a view is usually x;
 *   - extents, strides and offsets count elements, never bytes, unless a name says bytes;
 *   - "Returned with ownership; release with F" means the caller must call F once;
 *     "Borrowed until X" means the caller keeps the object alive and unchanged until X;
 *   - a function without a thread rule may be called from any thread, for different objects at the same time.
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

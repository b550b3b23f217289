/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file stream.h
 * Plans executed on host memory and on files: whole, or slab by slab if a tensor is larger than the device.
 *
 * A plan is streamed if it was made with clf_plan_options.stream_bytes, for views without buffers. One axis is cut into
 * slabs of equal extent; while one slab is computed, another is read and a third written. What a slab needs from beyond
 * the ends of the input is gathered through the border (with a periodic one, from the far side), so there are no seams:
 * with the same solver, the result has the same bits as that of a plan that is not streamed. The exceptions are Fourier
 * transforms, whose tiles begin elsewhere, sums over boxes of floating point numbers (box.sums), whose blocks do, and
 * square roots in f32, which may be rounded differently. (pinv.jacobi may give a zero the other sign.)
 *
 * A CPU works on host arrays in place if they are dense like the plan's views and slabs begin at multiples of 16 bytes;
 * only what touches a border is copied. A plan that is not streamed is executed there in place too, on arrays with the
 * strides of its views whose data, less the view's offset (below 16 bytes), is at a multiple of 16 bytes. After a
 * failure, the array of an output may contain anything.
 *
 * If the context has several devices ("0,1", context.h), each takes the next slab as soon as it is free, so faster
 * devices do more of the work. A plan with operands in device memory (a kernel, indices) uses only the first device.
 * Devices of different kinds may round differently.
 *
 * What can be streamed, and along which axes:
 *
 *   convolution, correlation   every axis, except for a bank's channels
 *   gradient, Laplacian,       every axis
 *   structure tensor
 *   gradient's backward        every axis, except derived ones with a periodic border
 *   smoothness loss            N, for maps (reduction none) and their gradients
 *   shift                      axes that move by whole samples; with linear interpolation, also those that move by
 *                              fractions. With a constant border, an axis after an interpolated one only if it does not
 *                              move.
 *   pinv, inv, det, solve      axes that count matrices; the same for the backward of pinv and inv
 *   take, put_add              every axis except the indexed one; not put_add with accumulate
 *
 * Other operations need a whole tensor at once: the adjoint and the weights' gradient of a convolution, matching by
 * normalised or phase correlation, Canny's edges, the smoothness loss as a sum. For these, and for a problem without an
 * axis to cut, the status is CLF_UNSUPPORTED, with a sentence that gives the reason. The same holds, with a constant
 * border whose cval the input's type cannot represent, for shifts by fractions, and for convolutions along an axis on
 * which output and input differ in extent.
 *
 * Indices of take and put_add may be in device memory and are checked for every slab: a wrong one is CLF_OUT_OF_RANGE
 * before anything is written, as long as they do not change in the meantime.
 */
#ifndef CLFILTER_STREAM_H
#define CLFILTER_STREAM_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A part of an operand: `count` indices from `first` along `axis`, and all of its other axes. */
typedef struct clf_part {
    int operand;   /**< as the operation numbers its operands */
    int axis;      /**< of the operand's view, as in the descriptor */
    int64_t first; /**< within the operand's extent, >= 0 */
    int64_t count; /**< >= 1 */
} clf_part;

/**
 * Fills `into`, whose shape is the operand's but with `count` indices along the axis, with a part of an input.
 * Parts are requested in ascending order, except that a border may ask for a part again, or for a later one first.
 * @param user   clf_host_desc.user
 * @param into   the destination, with explicit strides. Borrowed until the function returns.
 * @param error  fill this if the result is not CLF_OK
 * @return CLF_OK, or the status that clf_execute_host is to return
 */
typedef clf_status (*clf_read_function)(void *user, const clf_part *part, const clf_array *into, clf_error *error);

/**
 * Takes a part of an output. Every index is passed once, in ascending order; a device that is much slower than another
 * therefore holds the others up, which it does not if outputs are arrays.
 * @param from  the source, with explicit strides. Borrowed until the function returns.
 * Otherwise the same as clf_read_function.
 */
typedef clf_status (*clf_write_function)(void *user, const clf_part *part, const clf_array *from, clf_error *error);

/** Reports that `done` of `total` indices along the axis are written. One call at a time, with `done` increasing. */
typedef void (*clf_progress_function)(void *user, int64_t done, int64_t total);

/**
 * Operands in host memory, or accessed through functions. Zero in every field is the default.
 *
 * Each operand without a buffer in the plan is either one of `arrays`, or passes through `read` or `write`. Operands
 * with a buffer in the plan (such as a kernel in device memory) stay there.
 */
typedef struct clf_host_desc {
    /**
     * The operands, numbered as in the operation's documentation; an entry that is all zero, or past array_count, is
     * absent. Each has its view's shape and dtype, and any strides; outputs must not overlap themselves or another
     * operand. Borrowed until the call returns.
     */
    const clf_array *arrays;
    size_t array_count;             /**< entries in `arrays` */
    clf_read_function read;         /**< for the inputs that are not in `arrays`; default none */
    clf_write_function write;       /**< for the outputs that are not in `arrays`; default none */
    clf_progress_function progress; /**< default none */
    void *user;                     /**< passed to the functions */
    /**
     * Read, compute and write in sequence on the calling thread. Default false: a streamed plan does them at the same
     * time, and calls the functions from threads of its own. One thread at a time calls `read`, and one thread at a
     * time calls `write` or `progress`; a read may happen during a write.
     */
    bool serial;
} clf_host_desc;

/**
 * Executes a plan on host memory, and waits until the outputs are complete.
 *
 * A plan that is not streamed is executed whole: inputs are copied to the device, to the plan's own buffers or, for an
 * operand without one, to a buffer made for this call, unless it is used in place; outputs are copied back. An output
 * that is added to (put_add with accumulate) is copied there first: if it is accessed through functions, it needs both
 * `read` and `write`.
 *
 * @param plan  any plan; one thread at a time
 * @param desc  the operands; must not be NULL
 * @return CLF_OK; CLF_NULL_ARGUMENT (an operand was not given); CLF_INVALID_VIEW; CLF_INVALID_VALUE (more arrays than
 *         operands); CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OVERLAP; CLF_OUT_OF_RANGE (as clf_plan_check);
 *         CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR; whatever `read` or `write` returned. All but
 *         the last five are detected before anything is written.
 */
CLF_API CLF_CHECKED clf_status clf_execute_host(clf_plan *plan, const clf_host_desc *desc, clf_error *error);

/** How a streamed plan divides its tensors. */
typedef struct clf_stream_info {
    int axis;        /**< the axis that is cut, of the operands' views as in the descriptor */
    int64_t outputs; /**< the extent of the output along that axis */
    int64_t slab;    /**< outputs per slab along it; the last slab may repeat some of the one before it */
    int64_t slabs;   /**< number of slabs; 0: the plan is not streamed */
    int slots;       /**< slabs in progress at once on a device; with three, one is read, one computed, one written */
    int devices;     /**< devices that share the slabs */
    size_t bytes;    /**< memory that the plan holds on each device, at most clf_plan_options.stream_bytes */
} clf_stream_info;

/** How a plan is streamed; all zero for a plan that is not, and for NULL. */
CLF_API clf_stream_info clf_plan_get_stream(const clf_plan *plan);

#ifdef __cplusplus
}
#endif
#endif

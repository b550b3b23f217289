/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file stream.h
 * Plans executed on host memory and on files: whole, or tile by tile where a tensor is larger than the device.
 *
 * A plan is streamed where it was asked for with clf_plan_options.stream_bytes, over views without buffers. One axis is
 * then cut into tiles of equal extent; a tile is read, computed and written while others are at the other two. What a
 * tile needs beyond the ends of the input is gathered through the border (periodic from the far side), so that there
 * are no seams: where the solver is the same, the result has the same bits as that of a plan that is not streamed, but
 * for Fourier transforms, whose tiles begin elsewhere, and square roots in f32, which are rounded one way or the other.
 * (pinv.jacobi may give a zero the other sign.)
 *
 * A CPU works on arrays where they lie (dense as the plan's views are, tiles beginning at multiples of 16 bytes), and
 * copies of them only what meets a border: an output's array may hold anything after a failure.
 *
 * Where the context has several devices ("0,1", context.h), each takes the next tile as soon as it is free, so that the
 * work is shared as their speed is; a plan with operands in device memory (a kernel, indices) stays on the first.
 * Devices of different kinds may round differently.
 *
 * What can be cut, and along which axes:
 *
 *   convolution, correlation   every axis, but for a bank's channels
 *   gradient, Laplacian,       every axis
 *   structure tensor
 *   gradient's backward        every axis, but not derived ones whose border is periodic
 *   smoothness loss            N, of maps (reduction none) and their gradients
 *   shift                      axes that move by whole samples; linear, those that move by fractions too. On a constant
 *                              border an axis does not move in tiles behind one that is interpolated.
 *   pinv, inv, det, solve      axes that count matrices; likewise pinv's and inv's backward
 *   take, put_add              every axis but the one selected along; not put_add with accumulate
 *
 * Others need the whole of a tensor at once: the adjoint and the weights' gradient of convolution, matching by
 * normalised or phase correlation, Canny's edges, the smoothness loss as a sum. They, and a problem that has no axis to
 * cut, are CLF_UNSUPPORTED, with a sentence that says why. So are shifts by fractions, and convolutions whose output
 * has another extent than their input, along a constant border whose cval is no value of the input's type.
 *
 * Indices of take and put_add may be in device memory and are checked with every tile: a wrong one is CLF_OUT_OF_RANGE
 * before anything is written, as long as they do not change meanwhile.
 */
#ifndef CLFILTER_STREAM_H
#define CLFILTER_STREAM_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A part of an operand: `count` indices from `first` along `axis`, and everything along its other axes. */
typedef struct clf_part {
    int operand;   /**< as the operation numbers its operands */
    int axis;      /**< of the operand's view as described */
    int64_t first; /**< within the operand's extent, >= 0 */
    int64_t count; /**< >= 1 */
} clf_part;

/**
 * Fills `into`, whose shape is the operand's with `count` indices along the axis, with a part of an input.
 * Parts come in ascending order but for what a border repeats: a part may be read again, rows behind it before it.
 * @param user   clf_host_desc.user
 * @param into   where; strides written out. Borrowed until the function returns.
 * @param error  to be filled where the answer is not CLF_OK
 * @return CLF_OK, or what clf_execute_host is to return
 */
typedef clf_status (*clf_read_function)(void *user, const clf_part *part, const clf_array *into, clf_error *error);

/**
 * Takes a part of an output. Every index is given once, in ascending order; so a device much slower than another holds
 * it up, as it does not where outputs are arrays.
 * @param from  where it lies; strides written out. Borrowed until the function returns.
 * The rest as clf_read_function.
 */
typedef clf_status (*clf_write_function)(void *user, const clf_part *part, const clf_array *from, clf_error *error);

/** Says that `done` of `total` indices along the axis are written. One call at a time, `done` growing. */
typedef void (*clf_progress_function)(void *user, int64_t done, int64_t total);

/**
 * Operands in host memory, or behind functions. Zero in every field is the default.
 *
 * Each operand without a buffer in the plan is either one of `arrays`, or goes through `read` or `write`; operands with
 * a buffer in the plan (a kernel in device memory) stay there.
 */
typedef struct clf_host_desc {
    /**
     * The operands, in the order the operation's documentation numbers them; one all zero, or past array_count, is not
     * there. Each has its view's shape and dtype, and any strides; outputs must overlap neither themselves nor another
     * operand. Borrowed until the call returns.
     */
    const clf_array *arrays;
    size_t array_count;             /**< entries in `arrays` */
    clf_read_function read;         /**< of the inputs that are not in `arrays`; default none */
    clf_write_function write;       /**< of the outputs that are not in `arrays`; default none */
    clf_progress_function progress; /**< default none */
    void *user;                     /**< handed to the functions */
    /**
     * Read, compute and write one after the other on the calling thread. Default false: a streamed plan does them at
     * the same time, and the functions are called from threads of the library's own, `read` by one thread at a time and
     * `write` and `progress` by one thread at a time, a read perhaps during a write.
     */
    bool serial;
} clf_host_desc;

/**
 * Executes a plan on host memory, and waits until the outputs are there.
 *
 * A plan that is not streamed is executed whole: inputs are copied to the device, to the plan's own buffers or, where
 * an operand has none, to one made for this call; outputs are copied back. An output that is added to (put_add with
 * accumulate) is copied there first: behind functions it needs both, `read` and `write`.
 *
 * @param plan  any plan; one thread at a time
 * @param desc  the operands; never NULL
 * @return CLF_OK; CLF_NULL_ARGUMENT (an operand that is nowhere); CLF_INVALID_VIEW; CLF_INVALID_VALUE (more arrays than
 *         operands); CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OVERLAP; CLF_OUT_OF_RANGE (as clf_plan_check);
 *         CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR; what `read` or `write` returned. All but the
 *         last five are found before anything is written.
 */
CLF_API CLF_CHECKED clf_status clf_execute_host(clf_plan *plan, const clf_host_desc *desc, clf_error *error);

/** How a streamed plan goes about its tensors. */
typedef struct clf_stream_info {
    int axis;        /**< that is cut, of the operands' views as described */
    int64_t outputs; /**< along that axis */
    int64_t tile;    /**< outputs of one tile along it; the last tile may repeat some of the one before it */
    int64_t tiles;   /**< 0: the plan is not streamed */
    int lanes;       /**< tiles at once on a device: one read, one computed, one written where there are three */
    int devices;     /**< that share the tiles */
    size_t bytes;    /**< memory of each device that the plan holds, at most clf_plan_options.stream_bytes */
} clf_stream_info;

/** How a plan is streamed; all zero for a plan that is not, and for NULL. */
CLF_API clf_stream_info clf_plan_get_stream(const clf_plan *plan);

#ifdef __cplusplus
}
#endif
#endif

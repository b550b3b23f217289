/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file context.h
 * A context: one OpenCL device, a queue on it, and the programs built for it.
 *
 * All state of the library lives in contexts; its only global is a lock around the calls of clFFT, which is not
 * thread-safe. A context may be shared by any number of threads.
 *
 * OpenCL does not survive fork(): in the child, what uses a context or a plan of the parent's answers
 * CLF_INVALID_HANDLE and calls no OpenCL, clf_context_destroy and clf_plan_destroy give back host memory alone, and
 * clf_tensor_release, which knows no context, must not be called. Fork before the first context, or execute a program.
 */
#ifndef CLFILTER_CONTEXT_H
#define CLFILTER_CONTEXT_H

#ifndef CL_TARGET_OPENCL_VERSION
#define CL_TARGET_OPENCL_VERSION 120
#endif
#include <CL/cl.h>

#include <clfilter/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A device, its queue and the programs built for it. Opaque. */
typedef struct clf_context clf_context;

/** Severity of a log message. */
typedef enum clf_log_level {
    CLF_LOG_DEBUG = 0, /**< what was built, what was chosen */
    CLF_LOG_INFO,      /**< of interest in a verbose run */
    CLF_LOG_WARNING,   /**< something was ignored, or done in a slower way */
    CLF_LOG_ERROR      /**< details of a failing status, such as a build log */
} clf_log_level;

/**
 * Receives what the library would otherwise print, including complete build logs.
 * Called on the thread that is using the library (with clf_context_warmup, a thread of the library's own); it must not
 * call clfilter.
 * @param user     clf_context_desc.log_user
 * @param level    its severity
 * @param message  zero-terminated, may contain several lines; borrowed until the function returns
 */
typedef void (*clf_log_function)(void *user, clf_log_level level, const char *message);

/** Whether built programs are kept on disk (cache.h). */
typedef enum clf_program_cache {
    CLF_PROGRAM_CACHE_AUTO =
        0, /**< on, unless the platform is known to have a cache of its own that does as well. PoCL has one, and
                compiles every kernel a second time if its binary is requested (50 to 400 ms each in PoCL 3.1, before
                or after the first execution), while a later start would gain 25 ms. */
    CLF_PROGRAM_CACHE_ON,
    CLF_PROGRAM_CACHE_OFF
} clf_program_cache;

/**
 * Which device to use. Zero in every field is the default: the device selected by the environment variable
 * CLF_DEVICE or, if that is not set, the first GPU, else the first accelerator, else the first device of
 * any kind.
 *
 * A selector (the field `device`, or CLF_DEVICE) is one of
 *   "2"           an index in the list of clf_device_list,
 *   "gpu" "cpu" "accelerator"   the first device of that type,
 *   any other text              the first device whose name, vendor or platform name contains it, ignoring case;
 *   "0,1"                       several of these, separated by commas: the first is the context's device, the others
 *                               are its peers, on any platform, which share the slabs of streamed plans (stream.h).
 *                               Everything else runs on the first.
 */
typedef struct clf_context_desc {
    const char *device;     /**< selector; NULL: CLF_DEVICE, else the default order. Borrowed until the call returns. */
    cl_context context;     /**< your own OpenCL context; NULL: one is created. Retained while the context lives. */
    cl_device_id device_id; /**< a device of `context`; NULL: its first one */
    cl_command_queue queue; /**< your own queue on it, in or out of order; NULL: one is created. Retained likewise. */
    bool require_f64;       /**< fail (CLF_UNSUPPORTED) if the device has no double precision */
    clf_program_cache program_cache; /**< whether built programs are kept on disk */
    clf_log_function log;            /**< NULL: messages are dropped */
    void *log_user;                  /**< passed to `log` */
} clf_context_desc;

/** Properties of a device. Texts are zero-terminated, and truncated if they do not fit. */
typedef struct clf_device_info {
    char platform[128];         /**< name of its platform */
    char name[128];             /**< name of the device */
    char vendor[128];           /**< its vendor */
    char driver[64];            /**< version of its driver */
    char version[128];          /**< "OpenCL 1.2 ..." */
    cl_device_type type;        /**< CL_DEVICE_TYPE_CPU, _GPU, _ACCELERATOR, _CUSTOM */
    cl_uint compute_units;      /**< parallel compute units */
    cl_uint clock_mhz;          /**< maximum clock, MHz, as the driver reports it */
    cl_ulong global_bytes;      /**< global memory, bytes */
    cl_ulong max_alloc_bytes;   /**< largest single buffer, bytes */
    cl_ulong local_bytes;       /**< local memory of a work-group, bytes */
    size_t max_work_group_size; /**< work-items of a work-group */
    cl_uint base_align_bytes;   /**< alignment of sub-buffers, bytes */
    bool has_f64;               /**< double precision arithmetic */
    bool compiler_available;    /**< can build programs from source, as clfilter requires */
} clf_device_info;

/**
 * Lists the devices of every platform, one platform after another, in the driver's order.
 *
 * @param infos     array of `capacity` entries to fill, or NULL with capacity 0 to get only the count
 * @param capacity  entries in `infos`; further devices are counted but not written
 * @param count     receives the number of devices; must not be NULL
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_NO_PLATFORM (the loader finds none); CLF_OUT_OF_MEMORY.
 *         A platform without devices adds nothing; if there are no devices at all, the result is CLF_OK and a count
 *         of 0.
 */
CLF_API CLF_CHECKED clf_status clf_device_list(clf_device_info *infos, size_t capacity, size_t *count,
                                               clf_error *error);

/**
 * Opens a device.
 *
 * @param desc     what to open; NULL: all defaults
 * @param context  receives the context. Returned with ownership; release with clf_context_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_NO_PLATFORM; CLF_NO_DEVICE (no device matches the selector, or no
 *         platform has devices); CLF_INVALID_VALUE (a list of selectors names one device twice, or more than 8);
 *         CLF_INVALID_HANDLE (your context, device and queue do not belong together); CLF_UNSUPPORTED (f64 is
 *         required but absent, or there is no compiler); CLF_OUT_OF_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_context_create(const clf_context_desc *desc, clf_context **context,
                                                  clf_error *error);

/**
 * Releases a context and every program in it. Destroy its plans and release its buffers first.
 * NULL is allowed. Your own OpenCL objects are released once, as they were retained once.
 */
CLF_API void clf_context_destroy(clf_context *context);

/** Properties of the context's device. Non-owning: valid while the context lives. NULL for a NULL context. */
CLF_API const clf_device_info *clf_context_device(const clf_context *context);

/** Number of devices of a context: 1 plus its peers. 0 for a NULL context. */
CLF_API int clf_context_device_count(const clf_context *context);

/**
 * Properties of one of its devices; index 0 is the context's own. Non-owning: valid while the context lives. NULL if
 * there is no such device.
 */
CLF_API const clf_device_info *clf_context_device_at(const clf_context *context, int index);

/** The OpenCL context. Non-owning: not retained for the caller. NULL for a NULL context. */
CLF_API cl_context clf_context_cl_context(const clf_context *context);

/** The OpenCL device. Non-owning. NULL for a NULL context. */
CLF_API cl_device_id clf_context_cl_device(const clf_context *context);

/** The queue that plans are enqueued on. Non-owning: not retained for the caller. NULL for a NULL context. */
CLF_API cl_command_queue clf_context_cl_queue(const clf_context *context);

/**
 * Waits until everything enqueued on the context's queue has run.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_context_finish(clf_context *context, clf_error *error);

/** How a context got its programs, since it was created. */
typedef struct clf_build_statistics {
    size_t programs;      /**< programs built */
    size_t hits;          /**< times a program had already been built */
    size_t disk_hits;     /**< programs taken from the disk cache instead of being built; not counted in `programs` */
    double build_seconds; /**< time spent building, seconds */
} clf_build_statistics;

/** Reads the build counters. All zero for a NULL context. Any thread. */
CLF_API clf_build_statistics clf_context_build_statistics(clf_context *context);

#ifdef __cplusplus
}
#endif
#endif

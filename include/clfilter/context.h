/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file context.h
 * A context: one OpenCL device, a queue on it, and the programs built for it.
 *
 * All state of the library lives in contexts; there are no process globals. A context may be shared by
 * any number of threads.
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

/** How grave a logged message is. */
typedef enum clf_log_level {
    CLF_LOG_DEBUG = 0, /**< what was built, what was chosen */
    CLF_LOG_INFO,      /**< worth a line in a verbose run */
    CLF_LOG_WARNING,   /**< something was ignored or done the slow way */
    CLF_LOG_ERROR      /**< the text behind a failing status, a build log say */
} clf_log_level;

/**
 * Receives what the library would otherwise have printed; build logs arrive here whole.
 * Called from whichever thread is inside the library (with clf_context_warmup, one of its own); it must not call back
 * into clfilter.
 * @param user     clf_context_desc.log_user
 * @param level    how grave it is
 * @param message  zero-terminated, may hold several lines; borrowed until the function returns
 */
typedef void (*clf_log_function)(void *user, clf_log_level level, const char *message);

/** Whether built programs are kept on disk (cache.h). */
typedef enum clf_program_cache {
    CLF_PROGRAM_CACHE_AUTO =
        0, /**< on, unless the platform is known to keep a cache of its own that serves as well: PoCL, which compiles
                every kernel once more when its binary is asked for (50 to 400 ms each in PoCL 3.1, before or after
                its first execution), against 25 ms that a later start gains */
    CLF_PROGRAM_CACHE_ON,
    CLF_PROGRAM_CACHE_OFF
} clf_program_cache;

/**
 * Which device to use. Zero in every field is the default: the device that the environment variable
 * CLF_DEVICE selects, or where that is unset the first GPU, else the first accelerator, else the first
 * device of any kind.
 *
 * A selector (the field `device`, or CLF_DEVICE) is one of
 *   "2"           the index that clf_device_list gives,
 *   "gpu" "cpu" "accelerator"   the first device of that type,
 *   any other text              the first device whose name, vendor or platform name contains it, whatever its case;
 *   "0,1"                       several of these with commas between: the first is the context's device, the others its
 *                               peers, of any platform, which streamed plans share their tiles with (stream.h). All
 *                               else happens on the first.
 */
typedef struct clf_context_desc {
    const char *device;     /**< selector; NULL: CLF_DEVICE, else the default order. Borrowed until the call returns. */
    cl_context context;     /**< a host's own OpenCL context; NULL: made here. Retained while the context lives. */
    cl_device_id device_id; /**< a device of `context`; NULL: the first one in it */
    cl_command_queue queue; /**< a host's own queue on it, in or out of order; NULL: made here. Retained likewise. */
    bool require_f64;       /**< refuse (CLF_UNSUPPORTED) a device without double precision */
    clf_program_cache program_cache; /**< whether built programs are kept on disk */
    clf_log_function log;            /**< NULL: messages are dropped */
    void *log_user;                  /**< handed to `log` */
} clf_context_desc;

/** What is known of a device. Texts are zero-terminated and cut where they do not fit. */
typedef struct clf_device_info {
    char platform[128];         /**< name of its platform */
    char name[128];             /**< name of the device */
    char vendor[128];           /**< its vendor */
    char driver[64];            /**< version of its driver */
    char version[128];          /**< "OpenCL 1.2 ..." */
    cl_device_type type;        /**< CL_DEVICE_TYPE_CPU, _GPU, _ACCELERATOR, _CUSTOM */
    cl_uint compute_units;      /**< parallel compute units */
    cl_uint clock_mhz;          /**< maximum clock, MHz, as the driver tells it */
    cl_ulong global_bytes;      /**< global memory, bytes */
    cl_ulong max_alloc_bytes;   /**< largest single buffer, bytes */
    cl_ulong local_bytes;       /**< local memory of a work-group, bytes */
    size_t max_work_group_size; /**< work-items of a work-group */
    cl_uint base_align_bytes;   /**< alignment of sub-buffers, bytes */
    bool has_f64;               /**< double precision arithmetic */
    bool compiler_available;    /**< can build programs from source; clfilter needs it */
} clf_device_info;

/**
 * Lists the devices of every platform, platform after platform, in the driver's order.
 *
 * @param infos     array of `capacity` entries to fill, or NULL with capacity 0 to ask for the count
 * @param capacity  entries in `infos`; more devices than that are counted and not written
 * @param count     receives the number of devices there are; never NULL
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_NO_PLATFORM (the loader knows none); CLF_OUT_OF_MEMORY.
 *         A platform without devices adds nothing; no device at all is CLF_OK with a count of 0.
 */
CLF_API CLF_CHECKED clf_status clf_device_list(clf_device_info *infos, size_t capacity, size_t *count,
                                               clf_error *error);

/**
 * Opens a device.
 *
 * @param desc     what to open; NULL: all defaults
 * @param context  receives the context. Returned with ownership; release with clf_context_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_NO_PLATFORM; CLF_NO_DEVICE (the selector fits none, or no platform has
 *         devices); CLF_INVALID_VALUE (a list of selectors that names one device twice, or more than 8);
 *         CLF_INVALID_HANDLE (the host's context, device and queue do not belong together); CLF_UNSUPPORTED (f64
 *         required and absent, or no compiler); CLF_OUT_OF_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_context_create(const clf_context_desc *desc, clf_context **context,
                                                  clf_error *error);

/**
 * Releases a context and every program in it. Plans and buffers made with it must be gone before.
 * NULL is allowed. A host's own OpenCL objects are released once, as they were retained once.
 */
CLF_API void clf_context_destroy(clf_context *context);

/** What is known of the context's device. Non-owning: valid while the context lives. NULL for a NULL context. */
CLF_API const clf_device_info *clf_context_device(const clf_context *context);

/** Devices of a context: 1, and one for each peer. 0 for a NULL context. */
CLF_API int clf_context_device_count(const clf_context *context);

/**
 * What is known of one of them, 0 being the context's own. Non-owning: valid while the context lives. NULL: no such.
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

/** How a context's programs came to be, since it was made. */
typedef struct clf_build_statistics {
    size_t programs;      /**< programs built */
    size_t hits;          /**< times a program was found built already */
    size_t disk_hits;     /**< programs taken from the disk cache instead of being built; not counted in `programs` */
    double build_seconds; /**< time spent building, seconds */
} clf_build_statistics;

/** Reads the build counters. All zero for a NULL context. Any thread. */
CLF_API clf_build_statistics clf_context_build_statistics(clf_context *context);

#ifdef __cplusplus
}
#endif
#endif

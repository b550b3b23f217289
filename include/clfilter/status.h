/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file status.h
 * What a clfilter call returns: a status and, if the caller wants one, a sentence.
 *
 * Every call that can fail returns a clf_status and takes as its last argument a clf_error, which the
 * caller owns and which may be NULL. On success the clf_error is not changed. On failure it receives the
 * status, the OpenCL error that caused it (CL_SUCCESS if there is none) and one sentence that says what is
 * wrong, where, and what was expected; the call's outputs are left untouched.
 *
 * The library never prints, never exits and never aborts.
 */
#ifndef CLFILTER_STATUS_H
#define CLFILTER_STATUS_H

#if defined(_WIN32)
#define CLF_API
#else
#define CLF_API __attribute__((visibility("default")))
#endif

#if defined(__GNUC__) || defined(__clang__)
#define CLF_CHECKED __attribute__((warn_unused_result))
#else
#define CLF_CHECKED
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Every status, as X(enumerator, value, phrase). The values are part of the ABI: new ones are added at
 * the end and none is renumbered.
 */
#define CLF_STATUS_TABLE(X)                                                            \
    X(CLF_OK, 0, "success")                                                            \
    X(CLF_NULL_ARGUMENT, 1, "a required pointer or handle is NULL")                    \
    X(CLF_INVALID_VALUE, 2, "an option has a value that is not allowed")               \
    X(CLF_INVALID_HANDLE, 3, "a handle is released, foreign or from another context")  \
    X(CLF_INVALID_VIEW, 4, "a view has a rank, extent or stride that no tensor has")   \
    X(CLF_SHAPE_MISMATCH, 5, "two shapes that must agree do not")                      \
    X(CLF_DTYPE_MISMATCH, 6, "the operation does not accept this element type here")   \
    X(CLF_OUT_OF_BOUNDS, 7, "a view reaches outside its buffer")                       \
    X(CLF_OVERLAP, 8, "an output view overlaps itself or an input")                    \
    X(CLF_INVALID_ORIGIN, 9, "the origin moves the centre outside the kernel")         \
    X(CLF_KERNEL_TOO_LARGE, 10, "in valid mode the kernel is larger than the input")   \
    X(CLF_NO_PLATFORM, 11, "no OpenCL platform is installed")                          \
    X(CLF_NO_DEVICE, 12, "no OpenCL device matches the request")                       \
    X(CLF_UNSUPPORTED, 13, "the device lacks what the operation needs")                \
    X(CLF_BUILD_FAILED, 14, "the device's compiler refused a program")                 \
    X(CLF_OUT_OF_MEMORY, 15, "host memory ran out")                                    \
    X(CLF_OUT_OF_DEVICE_MEMORY, 16, "device memory ran out")                           \
    X(CLF_DEVICE_ERROR, 17, "an OpenCL call failed")                                   \
    X(CLF_NO_SOLVER, 18, "no solver can solve the problem with these options")         \
    X(CLF_PARSE_ERROR, 19, "a line of text does not describe a problem")               \
    X(CLF_OUT_OF_RANGE, 20, "an index is outside its axis, or a text needs more room") \
    X(CLF_FILE_ERROR, 21, "a file could not be read or written")                       \
    X(CLF_BUDGET_TOO_SMALL, 22, "a streamed plan may use less memory than its smallest slab needs")

/** The outcome of a call; CLF_OK is 0. */
typedef enum clf_status {
#define CLF_STATUS_ENUMERATOR(name, value, phrase) name = (value),
    CLF_STATUS_TABLE(CLF_STATUS_ENUMERATOR)
#undef CLF_STATUS_ENUMERATOR
} clf_status;

/** Length of clf_error.message with its terminating zero. */
#define CLF_ERROR_MESSAGE_SIZE 512

/**
 * What the last failing call reported, in English. Owned by the caller; needs no release.
 * A zero-initialised clf_error is valid and means CLF_OK.
 */
typedef struct clf_error {
    clf_status code;                      /**< the status that the call returned */
    int cl_code;                          /**< the OpenCL error that caused it; 0 (CL_SUCCESS) if there is none */
    char message[CLF_ERROR_MESSAGE_SIZE]; /**< one sentence; always zero-terminated */
} clf_error;

/**
 * The enumerator's own name, such as "CLF_OUT_OF_BOUNDS".
 * Non-owning: the text is static. Any thread, any time. An unknown value gives "CLF_UNKNOWN_STATUS".
 */
CLF_API const char *clf_status_name(clf_status status);

/**
 * The phrase that CLF_STATUS_TABLE gives for a status.
 * Non-owning: the text is static. Any thread, any time. An unknown value gives "unknown status".
 */
CLF_API const char *clf_status_phrase(clf_status status);

#ifdef __cplusplus
}
#endif
#endif

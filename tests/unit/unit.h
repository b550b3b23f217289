/* SPDX-License-Identifier: Apache-2.0 */
/* What unit tests share: cmocka, and statuses checked with the sentence that came with them. */
#ifndef CLF_TESTS_UNIT_H
#define CLF_TESTS_UNIT_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <clfilter/clfilter.h>
#include <cmocka.h>
#include <string.h>

/* Fails the test, printing the sentence, where `call`, which fills a clf_error named `error`, is not CLF_OK. */
#define check_ok(call) unit_check_ok((call), &error, #call, __FILE__, __LINE__)

/* Fails the test unless `call` gives `wanted`, fills `error` with it, and says `fragment` in its sentence. */
#define check_fails(call, wanted, fragment) \
    (error = (clf_error){0}, unit_check_fails((call), &error, (wanted), (fragment), #call, __FILE__, __LINE__))

/* Fails the test where an OpenCL call of the test's own does. */
#define check_cl(code) unit_check_cl((code), #code, __FILE__, __LINE__)

/*
 * References of a host's own object. The checks give the driver two seconds to come to `wanted`: PoCL lets go of a
 * command's a moment after it has said that all is finished.
 */
cl_uint unit_context_references(cl_context context);
cl_uint unit_queue_references(cl_command_queue queue);
#define check_context_references(context, wanted) unit_check_references((context), NULL, (wanted), __FILE__, __LINE__)
#define check_queue_references(queue, wanted) unit_check_references(NULL, (queue), (wanted), __FILE__, __LINE__)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void unit_check_ok(clf_status status, const clf_error *error, const char *call, const char *file, int line);
void unit_check_fails(clf_status status, const clf_error *error, clf_status wanted, const char *fragment,
                      const char *call, const char *file, int line);
void unit_check_cl(cl_int code, const char *call, const char *file, int line);
void unit_check_references(cl_context context, cl_command_queue queue, cl_uint wanted, const char *file, int line);

/* cmocka group fixtures: *state is a clf_context on the default device. */
int unit_open_context(void **state);
int unit_close_context(void **state);

/* A dense f32 tensor holding `values`, or nothing in particular where NULL. Release with clf_tensor_release. */
clf_view unit_tensor(clf_context *context, int rank, const int64_t *shape, const float *values);

/* Reads a dense f32 tensor. */
void unit_read(clf_context *context, const clf_view *view, float *values);

/* A dense f32 array of the host. */
clf_array unit_array(int rank, const int64_t *shape, float *values);

#endif

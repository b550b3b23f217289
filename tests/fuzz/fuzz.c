/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs as numbers, and plans used: what fuzz targets share. */
#include "fuzz.h"

#include "fake.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_ELEMENTS = 1 << 14 };

uint8_t fuzz_byte(fuzz_bytes *bytes) {
    if (bytes->left == 0)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

static uint64_t raw(fuzz_bytes *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | fuzz_byte(bytes);
    return value;
}

int64_t fuzz_number(fuzz_bytes *bytes) {
    static const int64_t extremes[] = {INT64_MAX,
                                       INT64_MIN,
                                       INT64_MAX - 1,
                                       INT64_MIN + 1,
                                       INT_MAX,
                                       INT_MIN,
                                       INT64_C(1) << 31,
                                       INT64_C(1) << 32,
                                       INT64_C(1) << 40,
                                       INT64_C(1) << 52,
                                       INT64_C(1) << 55,
                                       INT64_C(1) << 62,
                                       -(INT64_C(1) << 62),
                                       65535,
                                       65536,
                                       1000000,
                                       1 << 30,
                                       255,
                                       1024,
                                       4096};
    enum { COUNT = sizeof extremes / sizeof *extremes };
    uint8_t first = fuzz_byte(bytes);
    if (first < 200)
        return first < 180 ? first : first - 200;
    return first < 200 + COUNT ? extremes[first - 200] : (int64_t)raw(bytes);
}

int fuzz_int(fuzz_bytes *bytes) {
    int64_t number = fuzz_number(bytes);
    return number > INT_MAX ? INT_MAX : number < INT_MIN ? INT_MIN : (int)number;
}

double fuzz_real(fuzz_bytes *bytes) {
    uint8_t first = fuzz_byte(bytes);
    if (first < 128)
        return first / 8.0;
    if (first < 200)
        return (double)fuzz_number(bytes);
    uint64_t bits = raw(bytes);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void fuzz_expect(bool holds, const char *what) {
    if (holds)
        return;
    (void)fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

void fuzz_expect_told(clf_status status, const clf_error *error) {
    fuzz_expect(strcmp(clf_status_name(status), "CLF_UNKNOWN_STATUS") != 0, "a status has no name");
    fuzz_expect(status == CLF_OK || (error->code == status && error->message[0] != '\0'),
                "a call failed without a sentence");
}

clf_context *fuzz_open(uint8_t device) {
    clf_error error = {0};
    clf_context *context = NULL;
    fake_devices = (fake_device){.type = device & 1 ? CL_DEVICE_TYPE_GPU : CL_DEVICE_TYPE_CPU,
                                 .max_alloc_bytes = (cl_ulong)1 << (device & 2 ? 24 : 46),
                                 .no_f64 = (device & 4) != 0,
                                 .work_group = device & 8 ? 16 : 256};
    const clf_context_desc desc = {.device = device & 16 ? "0,1" : "0", .program_cache = CLF_PROGRAM_CACHE_OFF};
    fuzz_expect(clf_context_create(&desc, &context, &error) == CLF_OK, error.message);
    return context;
}

void fuzz_close(clf_context *context) {
    clf_context_destroy(context);
    fuzz_expect(fake_alive() == 0, "OpenCL objects are left alive");
}

/* Bytes from the lowest address of a dense or strided view's array to the highest; -1 if they are many. */
static int64_t array_bytes(const clf_view *view, int64_t *before) {
    int64_t span = 0;
    *before = 0;
    for (int i = 0; i < view->rank; i++) {
        if (view->shape[i] > SMALL_ELEMENTS || view->strides[i] > SMALL_ELEMENTS || view->strides[i] < -SMALL_ELEMENTS)
            return -1;
        int64_t reach = (view->shape[i] - 1) * view->strides[i];
        *before -= reach < 0 ? reach : 0;
        span += reach < 0 ? -reach : reach;
    }
    return span < SMALL_ELEMENTS ? (span + 1) * (int64_t)clf_dtype_bytes(view->dtype) : -1;
}

/* An operand's array of host memory, its data owned; false where it would be large. */
static bool make_array(const clf_view *view, clf_array *array, void **memory) {
    int64_t before, bytes = view->rank > 0 ? array_bytes(view, &before) : 0;
    *array = (clf_array){.dtype = view->dtype, .rank = view->rank};
    if (bytes <= 0)
        return bytes == 0;
    memcpy(array->shape, view->shape, sizeof array->shape);
    memcpy(array->strides, view->strides, sizeof array->strides);
    *memory = calloc((size_t)bytes, 1);
    fuzz_expect(*memory != NULL, "no memory");
    array->data = (char *)*memory + before * (int64_t)clf_dtype_bytes(view->dtype);
    return true;
}

static void execute_host(clf_plan *plan, int count, const clf_plan_operand_info *infos) {
    clf_array arrays[CLF_MAX_RANK + 8] = {{0}};
    void *memory[CLF_MAX_RANK + 8] = {NULL};
    bool small = true;
    for (int i = 0; i < count; i++)
        small = make_array(&infos[i].view, &arrays[i], &memory[i]) && small;
    clf_error error = {0};
    const clf_host_desc desc = {.arrays = arrays, .array_count = (size_t)count, .serial = true};
    if (small)
        fuzz_expect_told(clf_execute_host(plan, &desc, &error), &error);
    for (int i = 0; i < count; i++)
        free(memory[i]);
}

static void execute(clf_context *context, clf_plan *plan, int count, const clf_plan_operand_info *infos) {
    cl_mem buffers[CLF_MAX_RANK + 8] = {NULL};
    clf_error error = {0};
    cl_int code;
    for (int i = 0; i < count; i++) {
        if (clf_view_count(&infos[i].view) > SMALL_ELEMENTS)
            return; /* launches in parts are many calls */
    }
    cl_event event = NULL;
    buffers[0] = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, SMALL_ELEMENTS, NULL, &code);
    const clf_execute_desc desc = {.buffers = buffers, .buffer_count = 1};
    clf_status status = clf_execute(plan, &desc, &event, &error);
    fuzz_expect_told(status, &error);
    if (event != NULL)
        clReleaseEvent(event);
    if (status == CLF_OK)
        fuzz_expect_told(clf_plan_check(plan, &error), &error);
    clReleaseMemObject(buffers[0]);
}

void fuzz_use_plan(clf_context *context, clf_plan *plan) {
    if (plan == NULL)
        return;
    clf_plan_operand_info infos[CLF_MAX_RANK + 8];
    clf_error error = {0};
    int count = (int)clf_plan_operand_count(plan);
    fuzz_expect(count <= CLF_MAX_RANK + 8, "a plan has more operands than a descriptor");
    for (int i = 0; i < count; i++)
        fuzz_expect(clf_plan_operand(plan, (size_t)i, &infos[i], &error) == CLF_OK, error.message);
    fuzz_expect(strlen(clf_plan_describe(plan)) > 0 && strlen(clf_plan_problem(plan)) > 0, "a plan says nothing");
    clf_plan *clone = NULL;
    clf_status status = clf_plan_clone(plan, &clone, &error);
    fuzz_expect_told(status, &error);
    clf_plan *used = clone != NULL ? clone : plan;
    if (clf_plan_get_stream(used).slabs > 0)
        execute_host(used, count, infos);
    else
        execute(context, used, count, infos);
    clf_plan_destroy(clone);
    clf_plan_destroy(plan);
}

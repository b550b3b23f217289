/* SPDX-License-Identifier: Apache-2.0 */
/* Impulses, one in each block, forward against exp(-2 pi i k n / N), and back against themselves. */
#include "fft/fft_check.h"

#include "fft/size.h"

#include "base/alloc.h"
#include "rt/buffer.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLES = 61 };

typedef struct impulses {
    const clf_fft_desc *desc;
    void *values; /* float or double */
    size_t bytes;
} impulses;

/* Where block `item` has its impulse. */
static void find_impulse(const clf_fft_desc *desc, int64_t item, int64_t at[CLF_FFT_AXES]) {
    for (int i = 0; i < CLF_FFT_AXES; i++)
        at[i] = (3 + 5 * item + 7 * i) % desc->extent[i];
}

static int64_t index_of(const clf_fft_desc *desc, int64_t item, const int64_t at[CLF_FFT_AXES]) {
    return ((item * desc->extent[0] + at[0]) * desc->extent[1] + at[1]) * clf_fft_row(desc) + at[2];
}

static double get(const impulses *data, int64_t at) {
    return data->desc->wide ? ((const double *)data->values)[at] : (double)((const float *)data->values)[at];
}

static void fill(const impulses *data) {
    int64_t at[CLF_FFT_AXES];
    for (int64_t item = 0; item < data->desc->batch; item++) {
        find_impulse(data->desc, item, at);
        if (data->desc->wide)
            ((double *)data->values)[index_of(data->desc, item, at)] = 1;
        else
            ((float *)data->values)[index_of(data->desc, item, at)] = 1;
    }
}

/* Some bins of every block: the transform of an impulse at n is exp(-2 pi i k n / N). */
static bool spectrum_right(const impulses *data) {
    const double pi = 3.14159265358979323846, bound = data->desc->wide ? 1e-12 : 1e-4;
    int64_t half = data->desc->extent[2] / 2 + 1;
    for (int64_t item = 0; item < data->desc->batch; item++) {
        int64_t at[CLF_FFT_AXES];
        find_impulse(data->desc, item, at);
        for (int64_t sample = 0; sample < SAMPLES; sample++) {
            const int64_t k[CLF_FFT_AXES] = {sample * 7 % data->desc->extent[0], sample * 13 % data->desc->extent[1],
                                             sample * 17 % half};
            double turns = 0;
            for (int i = 0; i < CLF_FFT_AXES; i++)
                turns += (double)(k[i] * at[i] % data->desc->extent[i]) / (double)data->desc->extent[i];
            int64_t real = index_of(data->desc, item, (const int64_t[]){k[0], k[1], 2 * k[2]});
            if (!(fabs(get(data, real) - cos(2 * pi * turns)) <= bound &&
                  fabs(get(data, real + 1) + sin(2 * pi * turns)) <= bound))
                return false;
        }
    }
    return true;
}

/* Every element: the impulses again, times the number of elements. */
static bool values_right(const impulses *data) {
    const clf_fft_desc *desc = data->desc;
    double scale = (double)desc->extent[0] * (double)desc->extent[1] * (double)desc->extent[2];
    double bound = scale * (desc->wide ? 1e-12 : 1e-4);
    int64_t at[CLF_FFT_AXES], here[CLF_FFT_AXES];
    for (int64_t item = 0; item < desc->batch; item++) {
        find_impulse(desc, item, at);
        int64_t impulse = index_of(desc, item, at);
        for (here[0] = 0; here[0] < desc->extent[0]; here[0]++)
            for (here[1] = 0; here[1] < desc->extent[1]; here[1]++)
                for (here[2] = 0; here[2] < desc->extent[2]; here[2]++) {
                    int64_t index = index_of(desc, item, here);
                    if (!(fabs(get(data, index) - (index == impulse ? scale : 0)) <= bound))
                        return false;
                }
    }
    return true;
}

static clf_status run(const clf_fft_provider *provider, void *object, cl_command_queue queue, const impulses *data,
                      cl_mem buffer, cl_mem scratch, clf_error *error) {
    fill(data);
    CLF_TRY(clf_buffer_write(queue, buffer, data->bytes, data->values, error));
    for (int inverse = 0; inverse < 2; inverse++) {
        CLF_TRY(provider->enqueue(object, queue, inverse != 0, buffer, scratch, error));
        CLF_TRY(clf_buffer_read(queue, buffer, data->bytes, data->values, error));
        if (!(inverse != 0 ? values_right(data) : spectrum_right(data)))
            return clf_fail(error, CLF_DEVICE_ERROR, "%s gave a wrong %s transform of %lld x %lld x %lld",
                            provider->name, inverse != 0 ? "inverse" : "forward", (long long)data->desc->extent[0],
                            (long long)data->desc->extent[1], (long long)data->desc->extent[2]);
    }
    return CLF_OK;
}

clf_status clf_fft_check(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc, void *object,
                         size_t scratch_bytes, clf_error *error) {
    impulses data = {desc, NULL, (size_t)clf_fft_bytes(desc)};
    cl_mem buffer = NULL, scratch = NULL;
    cl_command_queue queue = NULL;
    clf_status status = clf_allocate(&data.values, clf_fft_bytes(desc), 1, error);
    if (status == CLF_OK)
        status = clf_queue_open(context, &queue, error);
    if (status == CLF_OK)
        status = clf_buffer_create(context, clf_fft_bytes(desc), NULL, &buffer, error);
    if (status == CLF_OK && scratch_bytes > 0)
        status = clf_buffer_create(context, scratch_bytes, NULL, &scratch, error);
    if (status == CLF_OK)
        status = run(provider, object, queue, &data, buffer, scratch, error);
    clf_queue_close(queue);
    clf_buffer_release(scratch);
    clf_buffer_release(buffer);
    free(data.values);
    return status;
}

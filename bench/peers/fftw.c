/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FFTW: the whole image forth, multiplied by the taps' spectrum, and back; plans measured, spectrum made beforehand.
 * Its border is periodic, whatever the line says.
 */
#include "peers.h"

#include <complex.h>
#include <fftw3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fftw_state {
    int64_t height, width, spectrum_count;
    float *source, *answer;
    fftwf_complex *spectrum, *taps;
    fftwf_plan forth, back;
    bench_array result;
} fftw_state;

static void close_fftw(void *argument) {
    fftw_state *state = argument;
    fftwf_destroy_plan(state->forth);
    fftwf_destroy_plan(state->back);
    fftwf_free(state->source);
    fftwf_free(state->answer);
    fftwf_free(state->spectrum);
    fftwf_free(state->taps);
    free(state);
}

/* Centre on index 0, the rest wrapped round; for correlation mirrored, which conjugates the spectrum. */
static void place_taps(fftw_state *state, const bench_array *taps, bool mirrored) {
    const float *w = taps->data;
    memset(state->source, 0, (size_t)(state->height * state->width) * sizeof *state->source);
    for (int64_t i = 0; i < taps->shape[0]; i++) {
        for (int64_t j = 0; j < taps->shape[1]; j++) {
            int64_t y = i - taps->shape[0] / 2, x = j - taps->shape[1] / 2;
            y = ((mirrored ? -y : y) % state->height + state->height) % state->height;
            x = ((mirrored ? -x : x) % state->width + state->width) % state->width;
            state->source[y * state->width + x] += w[i * taps->shape[1] + j] / (float)(state->height * state->width);
        }
    }
}

static bool fits(const bench_problem *problem, char *why) {
    static const char *const keys[] = {"k", "border", NULL};
    bool filter = bench_operation_is(problem, "conv") || bench_operation_is(problem, "corr");
    if (!filter || problem->input[0].rank != 2 || problem->axes != 2 || strcmp(problem->input[0].dtype, "f32") != 0) {
        (void)snprintf(why, BENCH_WHY, "only convolves one f32 plane");
        return false;
    }
    return bench_keys_known(problem, keys, why);
}

static bool make_plans(fftw_state *state, int threads) {
    size_t count = (size_t)(state->height * state->width);
    state->source = fftwf_alloc_real(count);
    state->answer = fftwf_alloc_real(count);
    state->spectrum = fftwf_alloc_complex((size_t)state->spectrum_count);
    state->taps = fftwf_alloc_complex((size_t)state->spectrum_count);
    if (!state->source || !state->answer || !state->spectrum || !state->taps)
        return false;
    fftwf_plan_with_nthreads(threads);
    state->forth =
        fftwf_plan_dft_r2c_2d((int)state->height, (int)state->width, state->source, state->spectrum, FFTW_MEASURE);
    state->back =
        fftwf_plan_dft_c2r_2d((int)state->height, (int)state->width, state->spectrum, state->answer, FFTW_MEASURE);
    return state->forth && state->back;
}

static void *open_fftw(const bench_problem *problem, char *why) {
    if (!fits(problem, why))
        return NULL;
    fftw_state *state = calloc(1, sizeof *state);
    if (!state || !fftwf_init_threads()) {
        (void)snprintf(why, BENCH_WHY, "no memory, or no threads");
        free(state);
        return NULL;
    }
    state->height = problem->input[0].shape[0];
    state->width = problem->input[0].shape[1];
    state->spectrum_count = state->height * (state->width / 2 + 1);
    if (!make_plans(state, problem->threads)) {
        (void)snprintf(why, BENCH_WHY, "FFTW made no plan");
        close_fftw(state);
        return NULL;
    }
    place_taps(state, &problem->input[1], bench_operation_is(problem, "corr"));
    fftwf_execute(state->forth);
    memcpy(state->taps, state->spectrum, (size_t)state->spectrum_count * sizeof *state->taps);
    memcpy(state->source, problem->input[0].data, bench_bytes(&problem->input[0]));
    state->result = problem->output;
    state->result.data = state->answer;
    return state;
}

typedef struct product {
    fftw_state *state;
    int64_t first, last;
} product;

static void *multiply(void *argument) {
    const product *part = argument;
    float *restrict s = (float *)part->state->spectrum;
    const float *restrict w = (const float *)part->state->taps;
    for (int64_t i = part->first; i < part->last; i++) {
        float re = s[2 * i] * w[2 * i] - s[2 * i + 1] * w[2 * i + 1];
        s[2 * i + 1] = s[2 * i] * w[2 * i + 1] + s[2 * i + 1] * w[2 * i];
        s[2 * i] = re;
    }
    return NULL;
}

/* The product on two threads at the most: it is bound by memory, which two fill. */
static bool execute_fftw(void *argument) {
    fftw_state *state = argument;
    int64_t half = state->spectrum_count / 2;
    product parts[2] = {{state, 0, half}, {state, half, state->spectrum_count}};
    pthread_t other;
    fftwf_execute(state->forth);
    bool both = pthread_create(&other, NULL, multiply, &parts[1]) == 0;
    (void)multiply(&parts[0]);
    if (both)
        (void)pthread_join(other, NULL);
    else
        (void)multiply(&parts[1]);
    fftwf_execute(state->back);
    return true;
}

static const bench_array *result(void *argument) {
    return &((fftw_state *)argument)->result;
}

const bench_peer bench_fftw = {.name = "FFTW",
                               .library = "FFTW 3",
                               .open = open_fftw,
                               .execute = execute_fftw,
                               .result = result,
                               .close = close_fftw,
                               .interior = true};

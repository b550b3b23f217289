/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles and what estimates make of them: on devices that are made up, so that every machine tests the same. */
#include "fft/step.h"
#include "ops/conv/conv.h"
#include "rt/rt.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/* To rounding. */
static void check_near(double got, double wanted) {
    assert_true(fabs(got - wanted) <= 1e-12 * fabs(wanted));
}

/* A context that nothing runs on: what estimates read of one. */
static void make_context(clf_context *context, cl_device_type type, unsigned units) {
    memset(context, 0, sizeof *context);
    context->info = (clf_device_info){.type = type,
                                      .compute_units = units,
                                      .max_work_group_size = 256,
                                      .local_bytes = 1 << 20,
                                      .global_bytes = UINT64_C(8) << 30,
                                      .max_alloc_bytes = UINT64_C(2) << 30,
                                      .has_f64 = true};
    context->profiles[0] = clf_profile_of(&context->info);
    atomic_init(&context->profile, &context->profiles[0]);
    assert_int_equal(pthread_mutex_init(&context->lock, NULL), 0);
}

/* A square correlation whose taps are all different: of no low rank. */
typedef struct square {
    clf_conv_problem problem;
    float *taps;
    double *values;
} square;

static void make_square(square *made, int64_t size, int64_t taps, clf_dtype dtype) {
    clf_error error = {0};
    const int64_t shape[2] = {size, size}, kernel[2] = {taps, taps};
    made->taps = malloc((size_t)(taps * taps) * sizeof *made->taps);
    assert_non_null(made->taps);
    for (int64_t i = 0; i < taps * taps; i++)
        made->taps[i] = (float)((i * i * 31 + 7 * i) % 101) - 50;
    clf_convolve_desc desc = {.src = clf_view_dense(NULL, dtype, 2, shape),
                              .dst = clf_view_dense(NULL, dtype, 2, shape),
                              .kernel = unit_array(2, kernel, made->taps)};
    check_ok(clf_conv_describe("estimate", &desc, false, &made->problem, &error));
    check_ok(clf_conv_read_weights("estimate", &desc, &made->problem, &made->values, &error));
}

static void release_square(square *made) {
    free(made->values);
    free(made->taps);
}

static double estimate(const clf_context *context, const clf_solver *solver, int64_t size, int64_t taps,
                       clf_dtype dtype) {
    square made;
    make_square(&made, size, taps, dtype);
    bool applies = solver->applies == NULL || solver->applies(context, &made.problem);
    double seconds = applies ? solver->estimate(context, &made.problem) : (double)INFINITY;
    release_square(&made);
    return seconds;
}

static const clf_solver *cheapest(const clf_context *context, int64_t size, int64_t taps) {
    const clf_solver *const solvers[] = {&clf_conv_direct, &clf_conv_tile, &clf_conv_general};
    const clf_solver *best = solvers[0];
    for (size_t i = 1; i < COUNT(solvers); i++)
        if (estimate(context, solvers[i], size, taps, CLF_F32) < estimate(context, best, size, taps, CLF_F32))
            best = solvers[i];
    return best;
}

/* Each class has its row; what the device does not allow, or does not say, is not asked of it. */
static void rows(void **state) {
    (void)state;
    clf_profile cpu = clf_profile_of(&(clf_device_info){.type = CL_DEVICE_TYPE_CPU, .compute_units = 6});
    clf_profile gpu = clf_profile_of(&(clf_device_info){.type = CL_DEVICE_TYPE_GPU, .compute_units = 60});
    clf_profile accelerator = clf_profile_of(&(clf_device_info){.type = CL_DEVICE_TYPE_ACCELERATOR});
    clf_profile unknown = clf_profile_of(&(clf_device_info){.type = 0});
    assert_string_equal(cpu.name, "cpu");
    assert_string_equal(gpu.name, "gpu");
    assert_string_equal(accelerator.name, "other");
    assert_int_equal(cpu.units, 6);
    assert_int_equal(gpu.units, 60);
    assert_int_equal(accelerator.units, 1);
    assert_true(cpu.wide_items && cpu.transfers_free && !cpu.overlaps);
    assert_true(!gpu.wide_items && !gpu.transfers_free && gpu.overlaps);
    assert_true(!accelerator.wide_items && !unknown.wide_items);
    assert_int_equal(clf_profile_lanes(&cpu, false), 16);
    assert_int_equal(clf_profile_lanes(&cpu, true), 8);
    assert_int_equal(clf_profile_lanes(&gpu, false), 1);
    assert_int_equal(clf_profile_lanes(&gpu, true), 1);
    clf_profile_fit(&cpu, 0); /* it does not say */
    assert_int_equal(cpu.vectors, 32);
    clf_profile_fit(&cpu, 16);
    assert_int_equal(cpu.vectors, 32);
    clf_profile_fit(&cpu, 8);
    assert_int_equal(cpu.vectors, 8);
    assert_int_equal(cpu.group, 1);
    assert_true(gpu.group > 1 && gpu.item_elements == 1);
}

static void past_the_caches(void **state) {
    (void)state;
    clf_profile profile = {.past_bytes = 1000};
    assert_false(clf_past_cache(&profile, 1000));
    assert_true(clf_past_cache(&profile, 1001));
    profile.past_bytes = 0; /* never */
    assert_false(clf_past_cache(&profile, 1e12));
}

/* One after the other, or the slower of two at the same time; launches on top of either. */
static void seconds(void **state) {
    (void)state;
    clf_profile profile = {.units = 2, .bytes_per_second = 100, .flops_per_second = 1000, .launch_seconds = 0.5};
    check_near(clf_seconds(&profile, 0, 0, 0), 0.0);
    check_near(clf_seconds(&profile, 200, 0, 0), 1);
    check_near(clf_seconds(&profile, 0, 6000, 0), 3);
    check_near(clf_seconds(&profile, 200, 6000, 3), 5.5);
    profile.overlaps = true;
    check_near(clf_seconds(&profile, 200, 6000, 3), 4.5);
    check_near(clf_seconds(&profile, 2000, 6000, 3), 11.5);
}

static void monotone(void **state) {
    (void)state;
    static const cl_device_type types[] = {CL_DEVICE_TYPE_CPU, CL_DEVICE_TYPE_GPU};
    const clf_solver *const solvers[] = {&clf_conv_direct, &clf_conv_tile, &clf_conv_general};
    for (size_t type = 0; type < COUNT(types); type++) {
        clf_context context;
        make_context(&context, types[type], 2);
        for (size_t i = 0; i < COUNT(solvers); i++) {
            double before = 0;
            for (int64_t size = 256; size <= 4096; size *= 2) {
                double now = estimate(&context, solvers[i], size, 7, CLF_F32);
                assert_true(isfinite(now) && now > before);
                before = now;
            }
            assert_true(estimate(&context, solvers[i], 1024, 15, CLF_F32) >=
                        estimate(&context, solvers[i], 1024, 7, CLF_F32));
        }
        assert_true(estimate(&context, &clf_conv_direct, 1024, 7, CLF_F64) >
                    estimate(&context, &clf_conv_direct, 1024, 7, CLF_F32));
        pthread_mutex_destroy(&context.lock);
    }
}

/* Twice the units: half the time but for the launch. */
static void units(void **state) {
    (void)state;
    clf_context two, four;
    make_context(&two, CL_DEVICE_TYPE_CPU, 2);
    make_context(&four, CL_DEVICE_TYPE_CPU, 4);
    double launch = two.profiles[0].launch_seconds;
    const clf_solver *const solvers[] = {&clf_conv_direct, &clf_conv_general};
    for (size_t i = 0; i < COUNT(solvers); i++)
        check_near(2 * (estimate(&four, solvers[i], 2048, 5, CLF_F32) - launch),
                   estimate(&two, solvers[i], 2048, 5, CLF_F32) - launch);
    pthread_mutex_destroy(&two.lock);
    pthread_mutex_destroy(&four.lock);
}

/* On a CPU: in place while taps are few, then by tiles; a device of narrow items has no use for tiles. */
static void crossings(void **state) {
    (void)state;
    clf_context cpu, gpu;
    make_context(&cpu, CL_DEVICE_TYPE_CPU, 2);
    make_context(&gpu, CL_DEVICE_TYPE_GPU, 40);
    assert_ptr_equal(cheapest(&cpu, 2048, 3), &clf_conv_direct);
    assert_ptr_equal(cheapest(&cpu, 2048, 7), &clf_conv_direct);
    assert_ptr_equal(cheapest(&cpu, 2048, 15), &clf_conv_tile);
    assert_ptr_equal(cheapest(&cpu, 2048, 31), &clf_conv_tile);
    assert_ptr_equal(cheapest(&cpu, 2048, 127), &clf_conv_tile);
    for (int64_t taps = 3; taps <= 15; taps += 2)
        assert_ptr_equal(cheapest(&gpu, 2048, taps), &clf_conv_direct);
    bool crossed = false; /* once */
    for (int64_t taps = 3; taps <= 63; taps += 2) {
        bool tile = cheapest(&cpu, 2048, taps) == &clf_conv_tile;
        assert_true(tile || !crossed);
        crossed = tile;
    }
    pthread_mutex_destroy(&cpu.lock);
    pthread_mutex_destroy(&gpu.lock);
}

/* Whole transforms by a library of middling speed. */
static double transform_of(const clf_context *context, clf_fft_desc desc) {
    const clf_fft_provider provider = {.level_flops = 200};
    return clf_fft_seconds(context, &provider, &desc);
}

/* Of images of `size` x `size` with their borders. */
static double transform(const clf_context *context, int64_t size, bool wide) {
    return transform_of(context, (clf_fft_desc){.extent = {1, size, size}, .batch = 1, .wide = wide});
}

/*
 * They cost the same whatever the taps: on a CPU less than a kernel in place from some size on, but more than tiles as
 * long as these hold it; on a device of narrow items they come right after the kernel in place.
 */
static void transforms(void **state) {
    (void)state;
    clf_context cpu, gpu;
    make_context(&cpu, CL_DEVICE_TYPE_CPU, 2);
    make_context(&gpu, CL_DEVICE_TYPE_GPU, 40);
    assert_true(transform(&cpu, 2304, false) > estimate(&cpu, &clf_conv_direct, 2048, 3, CLF_F32));
    assert_true(transform(&cpu, 2304, false) < estimate(&cpu, &clf_conv_general, 2048, 63, CLF_F32));
    for (int64_t taps = 15; taps <= 127; taps += 16)
        assert_true(estimate(&cpu, &clf_conv_tile, 2048, taps, CLF_F32) < transform(&cpu, 2304, false));
    assert_true(transform(&gpu, 2304, false) > estimate(&gpu, &clf_conv_direct, 2048, 3, CLF_F32));
    assert_true(transform(&gpu, 2304, false) < estimate(&gpu, &clf_conv_direct, 2048, 63, CLF_F32));
    assert_true(transform(&gpu, 2304, false) < estimate(&gpu, &clf_conv_tile, 2048, 63, CLF_F32));
    const clf_context *const contexts[] = {&cpu, &gpu};
    for (size_t i = 0; i < COUNT(contexts); i++) {
        assert_true(transform(contexts[i], 4096, false) >
                    4 * transform(contexts[i], 2048, false) - 3 * transform(contexts[i], 1, false));
        assert_true(transform(contexts[i], 2048, true) > transform(contexts[i], 2048, false));
        double cube = transform_of(contexts[i], (clf_fft_desc){{64, 64, 64}, 1, false});
        check_near(transform_of(contexts[i], (clf_fft_desc){{1, 64, 4096}, 1, false}), cube);
        check_near(transform_of(contexts[i], (clf_fft_desc){{4096, 1, 64}, 1, false}), cube);
    }
    double launches = transform(&cpu, 1, false), before = transform(&cpu, 2048, false);
    clf_context_correct_profile(&cpu, &(clf_device_peaks){.flops = 4 * cpu.profiles[0].flops_per_second});
    assert_true(transform(&cpu, 2048, false) < before / 2 + launches);
    pthread_mutex_destroy(&cpu.lock);
    pthread_mutex_destroy(&gpu.lock);
}

/* What was measured takes the row's place, the first time, and the caches' share stays. */
static void corrected(void **state) {
    (void)state;
    clf_context context;
    make_context(&context, CL_DEVICE_TYPE_CPU, 4);
    const clf_profile row = context.profiles[0];
    const clf_profile *before = clf_context_profile(&context);
    clf_device_peaks peaks = {.copy_bytes = 2 * 4 * row.bytes_per_second / row.cached,
                              .flops = 2 * 4 * row.flops_per_second};
    double bytes = clf_seconds(before, 1e9, 0, 0), flops = clf_seconds(before, 0, 1e9, 0);
    clf_context_correct_profile(&context, &peaks);
    const clf_profile *after = clf_context_profile(&context);
    check_near(clf_seconds(after, 1e9, 0, 0), bytes / 2);
    check_near(clf_seconds(after, 0, 1e9, 0), flops / 2);
    check_near(clf_seconds(before, 1e9, 0, 0), bytes); /* who holds the first may go on reading it */
    assert_int_equal(after->units, 4);
    peaks = (clf_device_peaks){1, 1};
    clf_context_correct_profile(&context, &peaks);
    assert_ptr_equal(clf_context_profile(&context), after);
    check_near(clf_seconds(after, 1e9, 0, 0), bytes / 2);
    clf_profile untouched = row; /* nothing was found */
    clf_profile_correct(&untouched, &(clf_device_peaks){0, 0});
    check_near(untouched.bytes_per_second, row.bytes_per_second);
    check_near(untouched.flops_per_second, row.flops_per_second);
    pthread_mutex_destroy(&context.lock);
}

/* A problem bound by memory takes half as long on memory twice as fast, and as long as before on faster arithmetic. */
static void memory_bound(void **state) {
    (void)state;
    clf_context context;
    make_context(&context, CL_DEVICE_TYPE_GPU, 8);
    const clf_profile row = context.profiles[0];
    double before = estimate(&context, &clf_conv_direct, 4096, 3, CLF_F32) - row.launch_seconds;
    context.profiles[0].flops_per_second *= 2;
    check_near(estimate(&context, &clf_conv_direct, 4096, 3, CLF_F32) - row.launch_seconds, before);
    context.profiles[0] = row;
    clf_context_correct_profile(&context, &(clf_device_peaks){.copy_bytes = 2 * 8 * row.bytes_per_second});
    check_near(estimate(&context, &clf_conv_direct, 4096, 3, CLF_F32) - row.launch_seconds, before / 2);
    pthread_mutex_destroy(&context.lock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),       cmocka_unit_test(past_the_caches), cmocka_unit_test(seconds),
        cmocka_unit_test(monotone),   cmocka_unit_test(units),           cmocka_unit_test(crossings),
        cmocka_unit_test(transforms), cmocka_unit_test(corrected),       cmocka_unit_test(memory_bound)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of device classes, and what is made of them. */
#include "rt/profile.h"

#include "rt/rt.h"

#include <math.h>

/*
 * Measured on two cores with AVX-512 at 2.6 GHz under PoCL; per unit.
 * lanes: vectors of 16 floats also if registers hold 8: the compiler halves them, and unrolls by that.
 * vectors: of AVX-512; clf_profile_fit corrects it.
 * past_bytes: above, stores past the cache copied nearly twice as fast (401 MB in 20 ms, not 35); below, plain
 * ones won.
 * slab_bytes: copied, filtered and copied again while it is in the cache.
 * cached: images of 2048 x 2048 f32 went by at 33 GB/s, copies of 128 MiB at 20.
 */
static const clf_profile cpu_row = {.lanes = 16,
                                    .vectors = 32,
                                    .wide_items = true,
                                    .item_elements = 16384,
                                    .group = 1,
                                    .most_groups = 0,
                                    .items_per_unit = 16,
                                    .pieces = 8,
                                    .past_bytes = INT64_C(8) << 20,
                                    .slab_bytes = INT64_C(8) << 20,
                                    .transfers_free = true,
                                    .overlaps = false,
                                    .bytes_per_second = 3.3e10,
                                    .flops_per_second = 1.664e11,
                                    .launch_seconds = 4.5e-5,
                                    .cached = 1.65};

/*
 * Of data sheets: 64 lanes at 1.5 GHz a unit, and a share of the memory's speed.
 * most_groups: NVIDIA's; OpenCL has no question for it, and a launch so large does not feel that it is two.
 * slab_bytes: long enough for a transfer at full speed.
 */
static const clf_profile gpu_row = {.lanes = 1,
                                    .wide_items = false,
                                    .item_elements = 1,
                                    .group = 64,
                                    .most_groups = 65535,
                                    .items_per_unit = 1024,
                                    .pieces = 256,
                                    .past_bytes = 0,
                                    .slab_bytes = INT64_C(64) << 20,
                                    .transfers_free = false,
                                    .overlaps = true,
                                    .bytes_per_second = 2e10,
                                    .flops_per_second = 2e11,
                                    .launch_seconds = 2e-5,
                                    .cached = 1};

/* By class; a device that is of none, or of several, is of the first that fits. Accelerators are taken for GPUs. */
static const struct {
    cl_device_type type;
    const char *name;
    const clf_profile *row;
} classes[] = {{CL_DEVICE_TYPE_CPU, "cpu", &cpu_row},
               {CL_DEVICE_TYPE_GPU, "gpu", &gpu_row},
               {CL_DEVICE_TYPE_ALL, "other", &gpu_row}};

clf_profile clf_profile_of(const clf_device_info *info) {
    size_t i = 0;
    while ((info->type & classes[i].type) == 0 && i < sizeof classes / sizeof *classes - 1)
        i++;
    clf_profile profile = *classes[i].row;
    profile.name = classes[i].name;
    profile.units = info->compute_units > 0 ? (int)info->compute_units : 1;
    return profile;
}

/* 32 registers of 16 floats, or 16 of 8 (AVX2), or 32 of 4 (NEON). */
void clf_profile_fit(clf_profile *profile, int native_lanes) {
    if (native_lanes > 0 && native_lanes < profile->lanes)
        profile->vectors = 8;
}

void clf_profile_correct(clf_profile *profile, const clf_device_peaks *peaks) {
    if (peaks->copy_bytes > 0)
        profile->bytes_per_second = peaks->copy_bytes * profile->cached / profile->units;
    if (peaks->flops > 0)
        profile->flops_per_second = peaks->flops / profile->units;
}

const clf_profile *clf_context_profile(const clf_context *context) {
    return atomic_load(&context->profile);
}

/* Planners hold on to what they read without a lock: the second profile is written once, before it is shown. */
void clf_context_correct_profile(clf_context *context, const clf_device_peaks *peaks) {
    pthread_mutex_lock(&context->lock);
    if (atomic_load(&context->profile) == &context->profiles[0]) {
        context->profiles[1] = context->profiles[0];
        clf_profile_correct(&context->profiles[1], peaks);
        atomic_store(&context->profile, &context->profiles[1]);
    }
    pthread_mutex_unlock(&context->lock);
}

double clf_seconds(const clf_profile *profile, double bytes, double flops, double launches) {
    double memory = bytes / profile->bytes_per_second, arithmetic = flops / profile->flops_per_second;
    double work = profile->overlaps ? fmax(memory, arithmetic) : memory + arithmetic;
    return work / profile->units + launches * profile->launch_seconds;
}

bool clf_past_cache(const clf_profile *profile, double bytes) {
    return profile->past_bytes > 0 && bytes > (double)profile->past_bytes;
}

int clf_profile_lanes(const clf_profile *profile, bool wide) {
    return wide && profile->lanes > 1 ? profile->lanes / 2 : profile->lanes;
}

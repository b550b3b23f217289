/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a device likes and how fast it is: a row of a table for its class, then what it reports, then what was measured
 * on it. Solvers ask for what they need to know, never for the class, and make their estimates of clf_seconds.
 */
#ifndef CLF_RT_PROFILE_H
#define CLF_RT_PROFILE_H

#include <clfilter/context.h>
#include <clfilter/peaks.h>

typedef struct clf_profile {
    const char
        *name; /* of the class, "cpu", "gpu" or "other": for tables of what was measured on it, not for solvers */
    /* Work-items. */
    int lanes;             /* f32 elements that one should take side by side: 1 or 16; half as many of f64 */
    int vectors;           /* of so many lanes that registers hold; of no meaning where lanes is 1 */
    bool wide_items;       /* one should take many elements in order, the caches prefetching; else one, coalesced */
    int64_t item_elements; /* that one should take in order where each costs little: 1 if not wide_items */
    int group;             /* of a work-group, along x, as far as the device allows it: clf_work_group */
    size_t most_groups;    /* that a launch may have along y, and along z; 0: any number */
    int items_per_unit;    /* that keep a unit busy, where their results are joined afterwards */
    int pieces;            /* that a job done in order in each piece, and joined, is cut into */
    /* Memory. */
    int64_t past_bytes;  /* outputs larger than this are stored past the caches; 0: never */
    int64_t slab_bytes;  /* of host data that is moved, worked on and moved back at a time */
    bool transfers_free; /* the device works in host memory: nothing is gained by moving data meanwhile */
    /* Speeds, for estimates. */
    int units;               /* compute units, 1 at least */
    bool overlaps;           /* memory and arithmetic are busy at the same time */
    double bytes_per_second; /* of a unit, read plus written, for tensors of a few MiB */
    double flops_per_second; /* of a unit, f32, in fused multiply-adds on full vectors */
    double launch_seconds;   /* from an idle queue to the end of a kernel that does nothing */
    double cached;           /* bytes_per_second over that of a copy too large for any cache */
} clf_profile;

/* Estimates that count a core's cycles count two multiply-adds of 16 lanes as one: flops of the peak. */
enum { CLF_CYCLE_FLOPS = 64 };

/* The profile of a device: the row of its class, then what it reports. */
clf_profile clf_profile_of(const clf_device_info *info);

/* Puts in what follows from the f32 elements that a register holds, as the device reports them; 0: it does not. */
void clf_profile_fit(clf_profile *profile, int native_lanes);

/* Puts measured speeds in the place of the row's. */
void clf_profile_correct(clf_profile *profile, const clf_device_peaks *peaks);

/* Of a context's device. Another one, with measured speeds, after clf_context_measure_peaks. Lives as long as it. */
const clf_profile *clf_context_profile(const clf_context *context);

/* Corrects a context's profile, the first time it is called. */
void clf_context_correct_profile(clf_context *context, const clf_device_peaks *peaks);

/*
 * Seconds that moving `bytes`, `flops` operations and `launches` kernels take with all units at work. A solver that
 * reaches but a share of the peak divides by that share before it asks.
 */
double clf_seconds(const clf_profile *profile, double bytes, double flops, double launches);

/* True if outputs of so many bytes are stored past the caches. */
bool clf_past_cache(const clf_profile *profile, double bytes);

/* Elements that a work-item takes side by side: of f64 where `wide`, else of f32. */
int clf_profile_lanes(const clf_profile *profile, bool wide);

#endif

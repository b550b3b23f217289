/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of conv.fft that do what is left out of its transform (cl/conv/fft_rare.cl). */
#include "ops/conv/fft.h"

#include "base/alloc.h"
#include "ops/conv/fourier.h"
#include "ops/real.h"

/* Memory that all work-groups may take together, where it is more than the blocks'. */
enum { LEAST_ROOM = 16 << 20 };

/* What the launches share. */
typedef struct rare_plan {
    const clf_conv_fft *p;
    char option_data[512];
    clf_text options;
    cl_mem turns;
    cl_uint maps, room;
    int64_t room_reals; /* of a work-group */
    size_t local, groups;
} rare_plan;

double clf_conv_fft_map_bytes(const clf_conv_layout *l) {
    double rows = (double)l->table[FFT_ITEMS] * (double)l->table[FFT_REACH] * (double)l->table[FFT_REACH + 1];
    return FFT_MAPS * rows * (double)l->table[FFT_WORDS] * sizeof(cl_ulong);
}

static int64_t longest(const clf_conv_layout *l) {
    int64_t most = 1;
    for (int i = 0; i < CLF_FFT_AXES; i++)
        most = l->fft.extent[i] > most ? l->fft.extent[i] : most;
    return most;
}

/* How many work-groups there are, and the room of each: for lines in two places, or three rows of a map. */
static clf_status make_room(rare_plan *r, int vector, clf_error *error) {
    const clf_conv_layout *l = r->p->layout;
    const clf_profile *profile = clf_context_profile(r->p->plan->context);
    int64_t size = l->fft.wide ? sizeof(double) : sizeof(float), unit = sizeof(cl_ulong) / size * vector;
    int64_t lines = 4 * vector * longest(l), maps = (3 * l->table[FFT_WORDS] + vector - 1) / vector * unit;
    r->room_reals = lines > maps ? lines : maps;
    int64_t bytes = clf_bytes(r->room_reals, (size_t)size);
    int64_t all = clf_fft_bytes(&l->fft),
            groups = profile->units * ((profile->items_per_unit - 1) / (int64_t)r->local + 1);
    all = (all > LEAST_ROOM ? all : LEAST_ROOM) / bytes;
    groups = groups < all ? groups : all;
    groups = groups < l->rows ? groups : l->rows;
    r->groups = groups > 1 ? (size_t)groups : 1;
    return clf_plan_scratch(r->p->plan, clf_bytes((int64_t)r->groups, (size_t)bytes), &r->room, error);
}

static clf_status begin(rare_plan *r, clf_error *error) {
    const clf_conv_fft *p = r->p;
    const clf_conv_layout *l = p->layout;
    clf_plan *plan = p->plan;
    int lanes = clf_context_profile(plan->context)->wide_items ? 8 : 1;
    int vector = l->table[FFT_LENGTH] * l->table[FFT_LENGTH + 1] >= lanes ? lanes : 1;
    r->local = clf_work_group(plan->context, 0);
    r->options = clf_text_begin(r->option_data, sizeof r->option_data);
    clf_real_options(&r->options, p->problem->src.dtype, p->problem->dst.dtype, vector);
    clf_text_add(&r->options, " -DLOCAL_X=%zu", r->local);
    CLF_TRY(clf_conv_own_turns(plan, CLF_FFT_AXES, l->fft.extent, l->fft.wide, &r->turns, error));
    CLF_TRY(clf_plan_scratch(plan, (int64_t)clf_conv_fft_map_bytes(l), &r->maps, error));
    return make_room(r, vector, error);
}

/* Sets the range, and ends the launch. */
static clf_status finish(const rare_plan *r, clf_launch *launch, clf_error *error) {
    clf_launch_range(launch, (size_t[]){r->groups * r->local, 1, 1}, (size_t[]){r->local, 1, 1});
    return clf_launch_seal(launch, error);
}

/* What most of the kernels take after their own operands. */
static void set_tables(const rare_plan *r, clf_launch *launch) {
    clf_launch_scratch(launch, "maps", r->maps);
    clf_launch_scratch(launch, "found", r->p->found);
    clf_launch_buffer(launch, "g", r->p->geometry);
    clf_launch_buffer(launch, "f", r->p->table);
}

static clf_status add_begin(rare_plan *r, int pass, clf_error *error) {
    const clf_conv_fft *p = r->p;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft_rare", &r->options, "conv_fft_begin", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "blocks", p->blocks);
    set_tables(r, launch);
    clf_launch_buffer(launch, "turns", r->turns);
    clf_conv_set_taps(launch, "w", &p->taps);
    clf_launch_scratch(launch, "room", r->room);
    clf_launch_i64(launch, "room_reals", r->room_reals);
    clf_launch_real(launch, "cval", p->problem->cval, p->layout->fft.wide);
    clf_launch_i32(launch, "pass", pass);
    return finish(r, launch, error);
}

static clf_status add_columns(rare_plan *r, int axis, int way, bool dilate, int pass, clf_error *error) {
    const clf_conv_fft *p = r->p;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft_rare", &r->options, "conv_fft_columns", &launch, error));
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_conv_set_spectrum(launch, "spectrum", p->spectrum, p->spectrum_scratch);
    set_tables(r, launch);
    clf_launch_buffer(launch, "turns", r->turns);
    clf_launch_scratch(launch, "room", r->room);
    clf_launch_i64(launch, "room_reals", r->room_reals);
    clf_launch_i32(launch, "axis", axis);
    clf_launch_i32(launch, "way", way);
    clf_launch_i32(launch, "dilate", dilate);
    clf_launch_i32(launch, "pass", pass);
    return finish(r, launch, error);
}

static clf_status add_end(rare_plan *r, bool multiply, int pass, clf_error *error) {
    const clf_conv_fft *p = r->p;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft_rare", &r->options, "conv_fft_end", &launch, error));
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_conv_set_spectrum(launch, "spectrum", p->spectrum, p->spectrum_scratch);
    clf_launch_operand(launch, "y", 1);
    set_tables(r, launch);
    clf_launch_buffer(launch, "turns", r->turns);
    clf_conv_set_taps(launch, "w", &p->taps);
    clf_launch_scratch(launch, "room", r->room);
    clf_launch_i64(launch, "room_reals", r->room_reals);
    clf_launch_i32(launch, "multiply", multiply);
    clf_launch_i32(launch, "pass", pass);
    return finish(r, launch, error);
}

/* Maps are made in the first pass, and dilated in the first step along each axis. */
static clf_status add_pass(rare_plan *r, int pass, clf_error *error) {
    const int64_t *taps = r->p->problem->taps;
    bool three = taps[0] > 1, two = three || taps[1] > 1, first = pass == 0;
    CLF_TRY(add_begin(r, pass, error));
    if (two)
        CLF_TRY(add_columns(r, 1, three ? FFT_FORWARD : FFT_MULTIPLY, first, pass, error));
    if (three) {
        CLF_TRY(add_columns(r, 0, FFT_MULTIPLY, first, pass, error));
        CLF_TRY(add_columns(r, 1, FFT_BACK, false, pass, error));
    }
    return add_end(r, !two, pass, error);
}

clf_status clf_conv_fft_add_rare(const clf_conv_fft *p, clf_error *error) {
    rare_plan r = {.p = p};
    CLF_TRY(begin(&r, error));
    for (int pass = 0; pass < FFT_PASSES; pass++)
        CLF_TRY(add_pass(&r, pass, error));
    return CLF_OK;
}

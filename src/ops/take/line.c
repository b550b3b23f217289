/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of selections and of their adjoint, read (clfilter/line.h has the words). */
#include "ops/line.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_INDICES = 1 << 26 };

/* What both descriptors have; whole is the tensor selected from, selected the other. */
typedef struct take_words {
    clf_view whole, selected, indices_view;
    clf_array indices; /* its data is owned */
    int axis;
    clf_index_mode mode;
    bool accumulate;
} take_words;

/* Number i is i modulo the extent. */
static clf_status make_indices(int64_t count, int64_t extent, clf_dtype dtype, clf_array *indices, clf_error *error) {
    *indices = (clf_array){.dtype = dtype, .rank = 1, .shape = {count}};
    size_t bytes = clf_dtype_bytes(dtype);
    unsigned char *data;
    CLF_TRY(clf_allocate(&data, count + 1, bytes, error));
    indices->data = data;
    for (int64_t i = 0; i < count; i++) {
        int64_t wide = i % extent;
        int32_t narrow = (int32_t)wide;
        memcpy(data + (size_t)i * bytes, dtype == CLF_I64 ? (const void *)&wide : (const void *)&narrow, bytes);
    }
    return CLF_OK;
}

/* The indices, and the selected tensor's shape. */
static clf_status read_indices(clf_line *line, take_words *words, clf_error *error) {
    static const char *const places[] = {"host", "device", NULL};
    int rank = words->whole.rank, axis = words->axis < 0 ? words->axis + rank : words->axis;
    int64_t count = clf_line_integer(line, "count", 1);
    clf_dtype dtype = clf_line_dtype(line, "index", CLF_I64);
    bool device = clf_line_choice(line, "place", places, 0) == 1;
    if (axis < 0 || axis >= rank || count < (device ? 1 : 0) || count > MOST_INDICES)
        clf_line_fail(line, "axis=%d or count=%lld is out of range for a tensor of %d axes", words->axis,
                      (long long)count, rank);
    if (dtype != CLF_I32 && dtype != CLF_I64)
        clf_line_fail(line, "index=%s is neither i32 nor i64", clf_dtype_name(dtype));
    if (line->error[0] != '\0')
        return CLF_OK; /* clf_line_check says it */
    words->selected = words->whole;
    words->selected.shape[axis] = count;
    if (!device)
        return make_indices(count, words->whole.shape[axis], dtype, &words->indices, error);
    words->indices_view = (clf_view){.dtype = dtype, .rank = 1, .shape = {count}};
    clf_line_strides(line, "index_strides", &words->indices_view);
    return CLF_OK;
}

static clf_status plan_words(clf_context *context, const take_words *words, bool adjoint,
                             const clf_plan_options *options, clf_plan **plan, clf_error *error) {
    const clf_take_desc take = {.src = words->whole,
                                .dst = words->selected,
                                .indices = words->indices,
                                .indices_view = words->indices_view,
                                .axis = words->axis,
                                .mode = words->mode,
                                .options = *options};
    const clf_put_add_desc put_add = {.src = words->selected,
                                      .dst = words->whole,
                                      .indices = words->indices,
                                      .indices_view = words->indices_view,
                                      .axis = words->axis,
                                      .mode = words->mode,
                                      .accumulate = words->accumulate,
                                      .options = *options};
    return adjoint ? clf_plan_put_add(context, &put_add, plan, error) : clf_plan_take(context, &take, plan, error);
}

static clf_status read_and_plan(clf_context *context, clf_line *line, take_words *words,
                                const clf_plan_options *options, clf_plan **plan, clf_error *error) {
    static const char *const modes[] = {"strict", "wrap", "clamp", NULL};
    bool adjoint = strcmp(clf_line_word(line, 0), "put_add") == 0;
    words->whole = clf_line_tensor(line);
    clf_line_ints(line, "axis", 1, &words->axis);
    words->mode = (clf_index_mode)clf_line_choice(line, "mode", modes, CLF_INDEX_STRICT);
    words->accumulate = adjoint && clf_line_integer(line, "accumulate", 0) != 0;
    CLF_TRY(read_indices(line, words, error));
    clf_line_strides(line, adjoint ? "dst_strides" : "src_strides", &words->whole);
    clf_line_strides(line, adjoint ? "src_strides" : "dst_strides", &words->selected);
    CLF_TRY(clf_line_check(line, error));
    return plan_words(context, words, adjoint, options, plan, error);
}

clf_status clf_take_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                         clf_error *error) {
    take_words words = {.axis = 0};
    clf_status status = read_and_plan(context, line, &words, options, plan, error);
    free(words.indices.data);
    return status;
}

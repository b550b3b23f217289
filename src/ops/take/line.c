/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of selections and of their adjoint, planned. */
#include "ops/take/words.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_INDICES = 1 << 26 };

/* What both descriptors have; whole is the tensor selected from, selected the other. */
typedef struct take_views {
    clf_view whole, selected, indices_view;
    clf_array indices; /* its data is owned */
    int axis;
    clf_index_mode mode;
    bool accumulate;
} take_views;

/* Number i is i modulo the extent; of an axis without elements, which has no index, 0. */
static clf_status make_indices(int64_t count, int64_t extent, clf_dtype dtype, clf_array *indices, clf_error *error) {
    *indices = (clf_array){.dtype = dtype, .rank = 1, .shape = {count}};
    size_t bytes = clf_dtype_bytes(dtype);
    unsigned char *data;
    CLF_TRY(clf_allocate(&data, count + 1, bytes, error));
    indices->data = data;
    for (int64_t i = 0; i < count; i++) {
        int64_t wide = extent > 0 ? i % extent : 0;
        int32_t narrow = (int32_t)wide;
        memcpy(data + (size_t)i * bytes, dtype == CLF_I64 ? (const void *)&wide : (const void *)&narrow, bytes);
    }
    return CLF_OK;
}

/* The indices, and the selected tensor's shape. */
static clf_status find_views(clf_line *line, const clf_line_table *row, const clf_take_words *words, take_views *views,
                             clf_error *error) {
    views->whole = clf_words_tensor(words);
    views->mode = (clf_index_mode)words->mode;
    views->accumulate = words->accumulate != 0;
    int rank = views->whole.rank;
    int64_t axis = words->axis < 0 ? words->axis + rank : words->axis;
    bool device = words->place == CLF_TAKE_DEVICE;
    if (axis < 0 || axis >= rank || words->count < 0 || words->count > MOST_INDICES)
        clf_line_fail(line, "axis=%lld or count=%lld is out of range for a tensor of %d axes", (long long)words->axis,
                      (long long)words->count, rank);
    if (words->index != CLF_I32 && words->index != CLF_I64)
        clf_line_fail(line, "index=%s is neither i32 nor i64", clf_dtype_name(words->index));
    if (line->error[0] != '\0')
        return CLF_OK; /* clf_words_end says it */
    views->axis = (int)axis;
    views->selected = views->whole;
    views->selected.shape[axis] = words->count;
    if (!device)
        return make_indices(words->count, views->whole.shape[axis], words->index, &views->indices, error);
    views->indices_view = (clf_view){.dtype = words->index, .rank = 1, .shape = {words->count}};
    clf_words_give_strides(row, line, words, 2, &views->indices_view);
    return CLF_OK;
}

static clf_status plan_words(clf_context *context, const take_views *views, bool adjoint,
                             const clf_plan_options *options, clf_plan **plan, clf_error *error) {
    const clf_take_desc take = {.src = views->whole,
                                .dst = views->selected,
                                .indices = views->indices,
                                .indices_view = views->indices_view,
                                .axis = views->axis,
                                .mode = views->mode,
                                .options = *options};
    const clf_put_add_desc put_add = {.src = views->selected,
                                      .dst = views->whole,
                                      .indices = views->indices,
                                      .indices_view = views->indices_view,
                                      .axis = views->axis,
                                      .mode = views->mode,
                                      .accumulate = views->accumulate,
                                      .options = *options};
    return adjoint ? clf_plan_put_add(context, &put_add, plan, error) : clf_plan_take(context, &take, plan, error);
}

static clf_status plan_row(clf_context *context, clf_line *line, const clf_line_table *row, const clf_take_words *words,
                           const clf_plan_options *options, clf_plan **plan, clf_error *error) {
    bool adjoint = row == &clf_put_add_line;
    take_views views = {.axis = 0};
    clf_status status = find_views(line, row, words, &views, error);
    if (line->error[0] == '\0') {
        clf_words_give_strides(row, line, words, adjoint ? 1 : 0, &views.whole);
        clf_words_give_strides(row, line, words, adjoint ? 0 : 1, &views.selected);
    }
    if (status == CLF_OK)
        status = clf_words_end(line, error);
    if (status == CLF_OK)
        status = plan_words(context, &views, adjoint, options, plan, error);
    free(views.indices.data);
    return status;
}

static clf_status plan_take(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                            clf_plan **plan, clf_error *error) {
    return plan_row(context, line, &clf_take_line, words, options, plan, error);
}

static clf_status plan_put_add(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                               clf_plan **plan, clf_error *error) {
    return plan_row(context, line, &clf_put_add_line, words, options, plan, error);
}

const clf_operation_row clf_take_row = {&clf_take_line, plan_take};
const clf_operation_row clf_put_add_row = {&clf_put_add_line, plan_put_add};

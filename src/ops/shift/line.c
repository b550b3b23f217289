/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of translations, read (clfilter/line.h has the words). */
#include "ops/line.h"

#include <string.h>

clf_status clf_shift_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                          clf_error *error) {
    static const char *const methods[] = {"whole", "linear", "cubic", "fourier", NULL};
    clf_shift_desc desc = {.src = clf_line_tensor(line), .options = *options};
    (void)clf_line_reals(line, "by", desc.by, desc.src.rank);
    clf_line_borders(line, desc.src.rank, desc.border);
    desc.cval = clf_line_real(line, "cval", 0);
    desc.method = (clf_shift_method)clf_line_choice(line, "method", methods, CLF_SHIFT_WHOLE);
    desc.dst = desc.src;
    clf_line_strides(line, "src_strides", &desc.src);
    clf_line_strides(line, "dst_strides", &desc.dst);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_shift(context, &desc, plan, error);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Borders and element types as operations share them: defaults, checks, printing, kernel options. */
#ifndef CLF_OPS_BORDER_H
#define CLF_OPS_BORDER_H

#include "base/text.h"
#include "rt/rt.h"

#include <clfilter/ops.h>

/* Writes the borders of `axes` axes, defaults replaced. CLF_INVALID_VALUE where one is no border. */
clf_status clf_border_resolve(const char *function, int axes, const clf_border *given, clf_border *resolved,
                              clf_error *error);

/* True where one of the borders is the constant. */
bool clf_border_any_constant(int axes, const clf_border *borders);

/* Checks that an option is a number. */
clf_status clf_check_number(const char *function, const char *name, double value, clf_error *error);

/* The dtypes filters read: f32 f64 f16 u8 u16 i16. */
bool clf_dtype_filterable(clf_dtype dtype);

/* True where arithmetic on `src` is done in f64. */
bool clf_dtype_wide(clf_dtype src);

/* Appends the -D constants of cl/inc/real.h. */
void clf_real_options(clf_text *options, clf_dtype src, clf_dtype dst, int vector);

/* Lanes of a work-item that suit the device: wide on CPUs, 1 on others. */
int clf_real_vector(const clf_context *context, bool wide);

#endif

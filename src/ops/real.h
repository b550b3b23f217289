/* SPDX-License-Identifier: Apache-2.0 */
/* Element types as operations share them: which are filtered, in what arithmetic, and what kernels are told of them. */
#ifndef CLF_OPS_REAL_H
#define CLF_OPS_REAL_H

#include "base/text.h"
#include "rt/profile.h"

#include <clfilter/tensor.h>

/* The dtypes filters read: f32 f64 f16 u8 u16 i16. */
bool clf_dtype_filterable(clf_dtype dtype);

/* Of those, the integers. */
bool clf_dtype_integer(clf_dtype dtype);

/* True where arithmetic on `src` is done in f64. */
bool clf_dtype_wide(clf_dtype src);

/* What estimates count for an output that wide items convert from and to another dtype, in flops of the peak. */
enum { CLF_CONVERSION_FLOPS = 10 };

/* Appends the -D constants of cl/inc/real.h. */
void clf_real_options(clf_text *options, clf_dtype src, clf_dtype dst, int vector);

/* Appends those of one side alone, "SRC" or "DST": the type, whether it is half, and the range of an integer. */
void clf_real_side(clf_text *options, const char *side, clf_dtype dtype);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Borders as operations share them: defaults and checks. */
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

#endif

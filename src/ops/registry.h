/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation, a row each. */
#ifndef CLF_OPS_REGISTRY_H
#define CLF_OPS_REGISTRY_H

#include "ops/keys.h"

/* Their rows, in the order in which help lists them; ended by NULL. */
extern const clf_operation_row *const clf_operations[];

/* The row of a name, NULL if there is none. */
const clf_operation_row *clf_operation_find(const char *name);

#endif

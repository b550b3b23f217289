/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE half precision on the host, where C11 has no type for it: 16 bits in a uint16_t. */
#ifndef CLF_BASE_HALF_H
#define CLF_BASE_HALF_H

#include <stdint.h>

/* The half nearest to a value, ties to even, beyond the range infinity; NaN stays NaN. Rounding modes do not matter. */
uint16_t clf_half_from_double(double value);

/* The value of a half; every half is a double. */
double clf_half_to_double(uint16_t half);

#endif

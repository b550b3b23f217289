/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as elements of a tensor's type. */
#ifndef CLF_STREAM_ELEMENT_H
#define CLF_STREAM_ELEMENT_H

#include <clfilter/tensor.h>

/*
 * Writes a number as an element; false if the type has no such number, which only arithmetic's own types always do.
 */
bool clf_element_encode(clf_dtype dtype, double value, unsigned char element[8]);

#endif

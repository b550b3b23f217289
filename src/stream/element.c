/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as elements: exactly, or not at all. */
#include "stream/element.h"

#include "base/half.h"

#include <math.h>
#include <string.h>

static bool encode_integer(clf_dtype dtype, double value, unsigned char *element) {
    double lowest = dtype == CLF_I16 ? -32768 : 0, highest = dtype == CLF_U8 ? 255 : dtype == CLF_U16 ? 65535 : 32767;
    bool integer = dtype == CLF_U8 || dtype == CLF_U16 || dtype == CLF_I16;
    if (!integer || !(value >= lowest && value <= highest) || value != floor(value) || (value == 0 && signbit(value)))
        return false;
    uint16_t bits = (uint16_t)(int32_t)value;
    if (dtype == CLF_U8)
        element[0] = (unsigned char)bits;
    else
        memcpy(element, &bits, sizeof bits);
    return true;
}

bool clf_element_encode(clf_dtype dtype, double value, unsigned char element[8]) {
    float single = (float)value;
    if (dtype == CLF_F64)
        memcpy(element, &value, sizeof value);
    if (dtype == CLF_F32)
        memcpy(element, &single, sizeof single);
    if (dtype == CLF_F64 || dtype == CLF_F32)
        return true;
    if (dtype != CLF_F16)
        return encode_integer(dtype, single, element);
    uint16_t bits = clf_half_from_double((double)single);
    if (clf_half_to_double(bits) != (double)single) /* NaN, or between two halves */
        return false;
    memcpy(element, &bits, sizeof bits);
    return true;
}

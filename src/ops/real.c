/* SPDX-License-Identifier: Apache-2.0 */
/* Element types, and the kernel options that stand for them (cl/inc/real.h). */
#include "ops/real.h"

bool clf_dtype_filterable(clf_dtype dtype) {
    return dtype == CLF_F32 || dtype == CLF_F64 || dtype == CLF_F16 || dtype == CLF_U8 || dtype == CLF_U16 ||
           dtype == CLF_I16;
}

bool clf_dtype_integer(clf_dtype dtype) {
    return dtype == CLF_U8 || dtype == CLF_U16 || dtype == CLF_I16;
}

bool clf_dtype_wide(clf_dtype src) {
    return src == CLF_F64;
}

/* How a filterable dtype is written in OpenCL C, and the range of an integer one. */
typedef struct element {
    const char *type, *flag;
    int lowest, highest;
} element;

static element element_of(clf_dtype dtype) {
    switch (dtype) {
    case CLF_F64: return (element){"double", NULL, 0, 0};
    case CLF_F16: return (element){"half", "IS_HALF", 0, 0};
    case CLF_U8: return (element){"uchar", "IS_INTEGER", 0, 255};
    case CLF_U16: return (element){"ushort", "IS_INTEGER", 0, 65535};
    case CLF_I16: return (element){"short", "IS_INTEGER", -32768, 32767};
    default: return (element){"float", NULL, 0, 0};
    }
}

void clf_real_options(clf_text *options, clf_dtype src, clf_dtype dst, int vector) {
    element from = element_of(src), to = element_of(dst);
    clf_text_add(options, "-DSRC_T=%s -DDST_T=%s -DVECTOR=%d", from.type, to.type, vector);
    clf_text_add(options, clf_dtype_wide(src) ? " -DREAL=double -DREAL_IS_DOUBLE" : " -DREAL=float");
    if (from.flag)
        clf_text_add(options, " -DSRC_%s=1", from.flag);
    if (to.flag)
        clf_text_add(options, " -DDST_%s=1", to.flag);
    if (to.highest)
        clf_text_add(options, " -DDST_LOWEST=%d -DDST_HIGHEST=%d", to.lowest, to.highest);
}

void clf_real_side(clf_text *options, const char *side, clf_dtype dtype) {
    element of = element_of(dtype);
    clf_text_add(options, " -D%s_T=%s", side, of.type);
    if (dtype == CLF_F16)
        clf_text_add(options, " -D%s_IS_HALF=1", side);
    if (of.highest)
        clf_text_add(options, " -D%s_LOWEST=%d -D%s_HIGHEST=%d", side, of.lowest, side, of.highest);
}

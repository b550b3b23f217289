/* SPDX-License-Identifier: Apache-2.0 */
/* Borders by name, their defaults, and the kernel options that element types stand for. */
#include "ops/border.h"

#include "ops/keys.h"

#include <math.h>
#include <string.h>

static const char *const border_names[] = {"default", CLF_BORDER_TABLE(CLF_NAME_OF)};
enum { BORDER_COUNT = sizeof border_names / sizeof *border_names };

const char *clf_border_name(clf_border border) {
    return (unsigned)border < BORDER_COUNT ? border_names[border] : "?";
}

bool clf_border_parse(const char *name, clf_border *border) {
    for (int i = 0; name != NULL && i < BORDER_COUNT; i++) {
        if (strcmp(name, border_names[i]) != 0)
            continue;
        if (border != NULL)
            *border = (clf_border)i;
        return true;
    }
    return false;
}

clf_status clf_border_resolve(const char *function, int axes, const clf_border *given, clf_border *resolved,
                              clf_error *error) {
    clf_border before = CLF_BORDER_REFLECT;
    for (int i = 0; i < axes; i++) {
        if ((unsigned)given[i] >= BORDER_COUNT)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: border[%d] is %d; expected a clf_border", function, i,
                            (int)given[i]);
        resolved[i] = given[i] == CLF_BORDER_DEFAULT ? before : given[i];
        before = resolved[i];
    }
    return CLF_OK;
}

bool clf_border_any_constant(int axes, const clf_border *borders) {
    for (int i = 0; i < axes; i++)
        if (borders[i] == CLF_BORDER_CONSTANT)
            return true;
    return false;
}

clf_status clf_check_number(const char *function, const char *name, double value, clf_error *error) {
    return isnan(value) ? clf_fail(error, CLF_INVALID_VALUE, "%s: %s is NaN; expected a number", function, name)
                        : CLF_OK;
}

bool clf_dtype_filterable(clf_dtype dtype) {
    return dtype == CLF_F32 || dtype == CLF_F64 || dtype == CLF_F16 || dtype == CLF_U8 || dtype == CLF_U16 ||
           dtype == CLF_I16;
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

int clf_real_vector(const clf_context *context, bool wide) {
    return clf_profile_lanes(clf_context_profile(context), wide);
}

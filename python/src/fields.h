/* SPDX-License-Identifier: Apache-2.0 */
/* The operations and the fields of their descriptors, by the names that they have in C. */
#ifndef CLF_PYTHON_FIELDS_H
#define CLF_PYTHON_FIELDS_H

#include <clfilter/clfilter.h>
#include <cstddef>
#include <string_view>

namespace clf_python {

/* A name of an enumeration. */
struct choice {
    const char *name;
    int value;
};

enum class field_kind {
    view,   /* a tensor that is read or written at every execution */
    array,  /* host memory that is read when planning */
    whole,  /* an int, or several */
    real,   /* a double, or several */
    flag,   /* a bool */
    choice, /* an enumerator, or several */
};

struct field {
    const char *name;
    field_kind kind;
    std::size_t offset; /* in the descriptor */
    int count;          /* 1, or how many the field holds at most */
    const choice *choices;
};

/* A descriptor of any operation: zero is every default, and all of its bytes are what is to be computed. */
union descriptor {
    clf_convolve_desc convolve;
    clf_gradient_desc gradient;
    clf_gradient_backward_desc gradient_backward;
    clf_laplace_desc laplace;
    clf_structure_desc structure;
    clf_canny_desc canny;
    clf_smoothness_desc smoothness;
    clf_match_desc match;
    clf_shift_desc shift;
    clf_take_desc take;
    clf_put_add_desc put_add;
    clf_pinv_desc pinv;
    clf_pinv_backward_desc pinv_backward;
    clf_inv_desc inv;
    clf_inv_backward_desc inv_backward;
    clf_det_desc det;
    clf_solve_desc solve;
    clf_box_desc box;
};

using plan_function = clf_status (*)(clf_context *, const descriptor *, clf_plan **, clf_error *);

struct operation {
    const char *name;
    const field *fields; /* ended by one without a name */
    std::size_t size;    /* of its descriptor */
    std::size_t options; /* where in it clf_plan_options are */
    plan_function plan;
};

/* All of them, ended by one without a name. */
extern const operation operations[];

/* The operation of a name, and the place of a field in its table; raise where there is none. */
const operation &find_operation(std::string_view name);
int find_field(const operation &in, std::string_view name);

/* The values of clf_plan_options.effort. */
extern const choice efforts[];

/* The value of a name; raises with the names there are. `what` is what the sentence is about. */
int find_choice(const choice *choices, std::string_view name, const char *what);

} // namespace clf_python

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The operations and the fields of their descriptors. A field that is not here cannot be reached from Python. */
#include "fields.h"

#include "error.h"

#include <string>

namespace clf_python {

namespace {

#define CHOICE(enumerator, value, name) {name, value},
const choice borders[] = {CLF_BORDER_TABLE(CHOICE){nullptr, 0}};
const choice modes[] = {CLF_MODE_TABLE(CHOICE){nullptr, 0}};
const choice gradient_operators[] = {CLF_GRADIENT_OPERATOR_TABLE(CHOICE){nullptr, 0}};
const choice norms[] = {CLF_SMOOTHNESS_NORM_TABLE(CHOICE){nullptr, 0}};
const choice reductions[] = {CLF_SMOOTHNESS_REDUCTION_TABLE(CHOICE){nullptr, 0}};
const choice shift_methods[] = {CLF_SHIFT_METHOD_TABLE(CHOICE){nullptr, 0}};
const choice index_modes[] = {CLF_INDEX_MODE_TABLE(CHOICE){nullptr, 0}};
const choice harris_methods[] = {{"k", CLF_HARRIS_K}, {"eps", CLF_HARRIS_EPS}, {nullptr, 0}};
const choice scores[] = {{"correlation", CLF_MATCH_CORRELATION},
                         {"normalised", CLF_MATCH_NORMALISED},
                         {"phase", CLF_MATCH_PHASE},
                         {nullptr, 0}};
#undef CHOICE

#define FIELD(desc, name, kind, count, choices) \
    { #name, field_kind::kind, offsetof(desc, name), count, choices }
#define VIEW(desc, name) FIELD(desc, name, view, 1, nullptr)
#define ARRAY(desc, name) FIELD(desc, name, array, 1, nullptr)
#define WHOLE(desc, name) FIELD(desc, name, whole, 1, nullptr)
#define REAL(desc, name) FIELD(desc, name, real, 1, nullptr)
#define FLAG(desc, name) FIELD(desc, name, flag, 1, nullptr)
#define CHOICE(desc, name, choices) FIELD(desc, name, choice, 1, choices)
#define END \
    { nullptr, field_kind::view, 0, 0, nullptr }

using convolve = clf_convolve_desc;
const field convolve_fields[] = {VIEW(convolve, src),
                                 VIEW(convolve, dst),
                                 ARRAY(convolve, kernel),
                                 VIEW(convolve, kernel_view),
                                 FIELD(convolve, factors, array, CLF_MAX_FILTER_AXES, nullptr),
                                 ARRAY(convolve, bias),
                                 VIEW(convolve, bias_view),
                                 WHOLE(convolve, groups),
                                 WHOLE(convolve, axis_count),
                                 FIELD(convolve, axes, whole, CLF_MAX_FILTER_AXES, nullptr),
                                 FIELD(convolve, border, choice, CLF_MAX_FILTER_AXES, borders),
                                 REAL(convolve, cval),
                                 CHOICE(convolve, mode, modes),
                                 FIELD(convolve, origin, whole, CLF_MAX_FILTER_AXES, nullptr),
                                 FIELD(convolve, stride, whole, CLF_MAX_FILTER_AXES, nullptr),
                                 FIELD(convolve, dilation, whole, CLF_MAX_FILTER_AXES, nullptr),
                                 END};

/* What both passes of the derivatives share. */
#define GRADIENT_FIELDS(desc)                                                                           \
    CHOICE(desc, op, gradient_operators), REAL(desc, sigma), WHOLE(desc, axes),                         \
        FIELD(desc, border, choice, CLF_MAX_FILTER_AXES, borders), REAL(desc, cval), REAL(desc, scale), \
        REAL(desc, eps), END

using gradient = clf_gradient_desc;
const field gradient_fields[] = {VIEW(gradient, src), VIEW(gradient, dst),         VIEW(gradient, dx),
                                 VIEW(gradient, dy),  VIEW(gradient, dz),          VIEW(gradient, squared),
                                 VIEW(gradient, l1),  VIEW(gradient, orientation), GRADIENT_FIELDS(gradient)};

using backward = clf_gradient_backward_desc;
const field gradient_backward_fields[] = {
    VIEW(backward, src),      VIEW(backward, grad_dst),     VIEW(backward, grad_dx), VIEW(backward, grad_dy),
    VIEW(backward, grad_dz),  VIEW(backward, grad_squared), VIEW(backward, grad_l1), VIEW(backward, grad_orientation),
    VIEW(backward, grad_src), GRADIENT_FIELDS(backward)};

using laplace = clf_laplace_desc;
const field laplace_fields[] = {VIEW(laplace, src),
                                VIEW(laplace, dst),
                                REAL(laplace, sigma),
                                WHOLE(laplace, axes),
                                FIELD(laplace, border, choice, CLF_MAX_FILTER_AXES, borders),
                                REAL(laplace, cval),
                                REAL(laplace, scale),
                                END};

using structure = clf_structure_desc;
const field structure_fields[] = {VIEW(structure, src),
                                  VIEW(structure, xx),
                                  VIEW(structure, xy),
                                  VIEW(structure, yy),
                                  VIEW(structure, response),
                                  REAL(structure, sigma),
                                  CHOICE(structure, method, harris_methods),
                                  REAL(structure, k),
                                  FIELD(structure, border, choice, 2, borders),
                                  REAL(structure, cval),
                                  END};

using canny = clf_canny_desc;
const field canny_fields[] = {VIEW(canny, src),   VIEW(canny, dst),
                              REAL(canny, sigma), REAL(canny, low),
                              REAL(canny, high),  FIELD(canny, border, choice, 2, borders),
                              REAL(canny, cval),  END};

using smoothness = clf_smoothness_desc;
const field smoothness_fields[] = {VIEW(smoothness, disparity),      VIEW(smoothness, image),
                                   VIEW(smoothness, grad_loss),      VIEW(smoothness, loss),
                                   VIEW(smoothness, grad_disparity), VIEW(smoothness, grad_image),
                                   CHOICE(smoothness, norm, norms),  CHOICE(smoothness, reduction, reductions),
                                   WHOLE(smoothness, order),         REAL(smoothness, edge_weight),
                                   FLAG(smoothness, ignore_image),   END};

using match = clf_match_desc;
const field match_fields[] = {VIEW(match, image),
                              VIEW(match, pattern),
                              VIEW(match, dst),
                              CHOICE(match, score, scores),
                              FIELD(match, border, choice, 2, borders),
                              REAL(match, cval),
                              CHOICE(match, mode, modes),
                              END};

using shift = clf_shift_desc;
const field shift_fields[] = {VIEW(shift, src),
                              VIEW(shift, dst),
                              FIELD(shift, by, real, CLF_MAX_RANK, nullptr),
                              FIELD(shift, border, choice, CLF_MAX_RANK, borders),
                              REAL(shift, cval),
                              CHOICE(shift, method, shift_methods),
                              END};

using take = clf_take_desc;
const field take_fields[] = {VIEW(take, src),
                             VIEW(take, dst),
                             ARRAY(take, indices),
                             VIEW(take, indices_view),
                             WHOLE(take, axis),
                             CHOICE(take, mode, index_modes),
                             END};

using put_add = clf_put_add_desc;
const field put_add_fields[] = {VIEW(put_add, src),        VIEW(put_add, dst),
                                ARRAY(put_add, indices),   VIEW(put_add, indices_view),
                                WHOLE(put_add, axis),      CHOICE(put_add, mode, index_modes),
                                FLAG(put_add, accumulate), END};

using pinv = clf_pinv_desc;
const field pinv_fields[] = {VIEW(pinv, src), VIEW(pinv, dst), REAL(pinv, rcond), END};

using pinv_backward = clf_pinv_backward_desc;
const field pinv_backward_fields[] = {VIEW(pinv_backward, src), VIEW(pinv_backward, pinv), VIEW(pinv_backward, grad),
                                      VIEW(pinv_backward, dst), END};

using inv = clf_inv_desc;
const field inv_fields[] = {VIEW(inv, src), VIEW(inv, dst), END};

using inv_backward = clf_inv_backward_desc;
const field inv_backward_fields[] = {VIEW(inv_backward, inverse), VIEW(inv_backward, grad), VIEW(inv_backward, dst),
                                     END};

using det = clf_det_desc;
const field det_fields[] = {VIEW(det, src), VIEW(det, dst), END};

using solve = clf_solve_desc;
const field solve_fields[] = {VIEW(solve, matrix),        VIEW(solve, right), VIEW(solve, dst),
                              FLAG(solve, least_squares), REAL(solve, rcond), END};

using box = clf_box_desc;
const field box_fields[] = {VIEW(box, src),
                            VIEW(box, dst),
                            FIELD(box, size, whole, CLF_MAX_FILTER_AXES, nullptr),
                            WHOLE(box, axes),
                            FIELD(box, origin, whole, CLF_MAX_FILTER_AXES, nullptr),
                            FIELD(box, border, choice, CLF_MAX_FILTER_AXES, borders),
                            REAL(box, cval),
                            END};

/* Calls a planner of the library with its own member of the union. */
template <auto planner, auto member>
clf_status plan_member(clf_context *context, const descriptor *desc, clf_plan **plan, clf_error *error) {
    return planner(context, &(desc->*member), plan, error);
}

#define OPERATION(name, desc)                                                                  \
    {                                                                                          \
#name, desc##_fields, sizeof(clf_##desc##_desc), offsetof(clf_##desc##_desc, options), \
            plan_member < clf_plan_##name, &descriptor::desc>                                  \
    }

} // namespace

const operation operations[] = {OPERATION(convolve, convolve),
                                OPERATION(correlate, convolve),
                                OPERATION(convolve_adjoint, convolve),
                                OPERATION(correlate_adjoint, convolve),
                                OPERATION(convolve_weights, convolve),
                                OPERATION(correlate_weights, convolve),
                                OPERATION(gradient, gradient),
                                OPERATION(gradient_backward, gradient_backward),
                                OPERATION(laplace, laplace),
                                OPERATION(structure, structure),
                                OPERATION(canny, canny),
                                OPERATION(smoothness, smoothness),
                                OPERATION(match, match),
                                OPERATION(shift, shift),
                                OPERATION(take, take),
                                OPERATION(put_add, put_add),
                                OPERATION(pinv, pinv),
                                OPERATION(pinv_backward, pinv_backward),
                                OPERATION(inv, inv),
                                OPERATION(inv_backward, inv_backward),
                                OPERATION(det, det),
                                OPERATION(solve, solve),
                                OPERATION(box, box),
                                {nullptr, nullptr, 0, 0, nullptr}};

const choice efforts[] = {
    {"estimate", CLF_ESTIMATE}, {"measure", CLF_MEASURE}, {"exhaustive", CLF_EXHAUSTIVE}, {nullptr, 0}};

const operation &find_operation(std::string_view name) {
    for (const operation *each = operations; each->name != nullptr; each++)
        if (name == each->name)
            return *each;
    fail(CLF_INVALID_VALUE, "there is no operation '%s'", std::string(name).c_str());
}

int find_field(const operation &in, std::string_view name) {
    for (int i = 0; in.fields[i].name != nullptr; i++)
        if (name == in.fields[i].name)
            return i;
    fail(CLF_INVALID_VALUE, "%s has no field '%s'", in.name, std::string(name).c_str());
}

int find_choice(const choice *choices, std::string_view name, const char *what) {
    std::string names;
    for (const choice *each = choices; each->name != nullptr; each++) {
        if (name == each->name)
            return each->value;
        names += std::string(each == choices ? "" : each[1].name != nullptr ? ", " : " or ") + "'" + each->name + "'";
    }
    fail(CLF_INVALID_VALUE, "%s is '%s'; expected %s", what, std::string(name).c_str(), names.c_str());
}

} // namespace clf_python

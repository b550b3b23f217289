/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file ops.h
 * The operations: what each computes, for which shapes, with which defaults.
 *
 * Every operation is planned by clf_plan_NAME(context, &descriptor, &plan, &error) and run by clf_execute.
 * Planning checks the whole descriptor; a mistake in it results in a status and a sentence, and no plan.
 *
 *   border.h    how an input continues beyond its ends
 *   box.h       the mean over a box
 *   convolve.h  convolution and correlation, named kernels
 *   gradient.h  derivatives
 *   match.h     two images compared at every shift
 *   shift.h     translation by whole samples and by fractions
 *   features.h  Laplacians, structure tensors and corners, edges
 *   smoothness.h  the edge-aware smoothness loss and its gradients
 *   take.h      selection along an axis, and its adjoint
 *   matrix.h    many small matrices: pseudo-inverse, inverse, determinant, linear systems
 */
#ifndef CLFILTER_OPS_H
#define CLFILTER_OPS_H

#include <clfilter/border.h>
#include <clfilter/box.h>
#include <clfilter/convolve.h>
#include <clfilter/features.h>
#include <clfilter/gradient.h>
#include <clfilter/match.h>
#include <clfilter/matrix.h>
#include <clfilter/shift.h>
#include <clfilter/smoothness.h>
#include <clfilter/take.h>

#endif

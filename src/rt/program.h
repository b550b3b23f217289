/* SPDX-License-Identifier: Apache-2.0 */
/* Programs: the embedded kernel sources, built on demand and remembered in the context. */
#ifndef CLF_RT_PROGRAM_H
#define CLF_RT_PROGRAM_H

#include "base/text.h"
#include "rt/rt.h"
#include "rt/source.h"

/*
 * The program of source `name` built with `options` (-D constants only), which must not be truncated. Non-owning: the
 * context keeps it. Any thread.
 */
clf_status clf_program_get(clf_context *context, const char *name, const clf_text *options, cl_program *program,
                           clf_error *error);

/* Releases every program of the context. */
void clf_programs_release(clf_context *context);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that were built once in a host's context, for the wrappers of faults; they are not built again. */
#ifndef CLF_TESTS_PROGRAMS_H
#define CLF_TESTS_PROGRAMS_H

#include <clfilter/clfilter.h>

/* Keeps what is built in this context from here on, and forgets what was kept before; NULL: keeps nothing. */
void programs_keep(cl_context context);

/* clBuildProgram, which is not called where the same text was built with the same options. */
cl_int programs_build(cl_program program, cl_uint count, const cl_device_id *devices, const char *build_options,
                      void(CL_CALLBACK *notify)(cl_program, void *), void *user);

/* The program that this one stands for; itself for most. */
cl_program programs_meant(cl_program program);

/* Forgets what a program stood for that is about to be released; returns the program. */
cl_program programs_released(cl_program program);

#endif

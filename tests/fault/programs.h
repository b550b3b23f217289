/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that were built once in a host's context, for the wrappers of faults; they are not built again. */
#ifndef CLF_TESTS_PROGRAMS_H
#define CLF_TESTS_PROGRAMS_H

#include <clfilter/clfilter.h>

/* Keeps what is built in this context from here on, and forgets what was kept before; NULL: keeps nothing. */
void programs_keep(cl_context context);

/* True where the same text was built with the same options: the program stands for that one until it is released. */
bool programs_stand_in(cl_program program, const char *options);

/* The program was built. */
void programs_built(cl_program program, const char *options);

/* The program that this one stands for; itself for most. */
cl_program programs_meant(cl_program program);

/* The library released it. */
void programs_released(cl_program program);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocations of the libraries of image files, which no linker wraps: the test program has a malloc of its own, which
 * asks whose call it is. Under a sanitizer, which has one too, they are left alone.
 */
#ifndef CLF_TESTS_CLI_LIBRARIES_H
#define CLF_TESTS_CLI_LIBRARIES_H

/* Finds where the libraries lie in memory; before this none of their allocations is counted. How many were found. */
int cli_libraries_find(void);

/* How many of their allocations have failed, ever. */
int cli_libraries_failures(void);

#endif

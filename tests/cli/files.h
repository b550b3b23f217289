/* SPDX-License-Identifier: Apache-2.0 */
/** @file files.h What the tests of the readers and writers share: files made, damaged and expected to be refused. */
#ifndef CLFILTER_TESTS_CLI_FILES_H
#define CLFILTER_TESTS_CLI_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image.h"

/** Makes argv[1] the working directory, so that tests may write anywhere below it. */
void enter_directory(int argc, char **argv);

void write_bytes(const char *name, const void *bytes, size_t size);

/** The whole file; release with free. */
unsigned char *read_bytes(const char *name, size_t *size);

/** image_read fails, touches nothing, and its message names the file and holds `fragment`. */
void expect_refused(const char *name, const char *fragment);

/** Every beginning of the file that is shorter than it is refused. */
void expect_every_cut_refused(const char *name);

/** An image of `seed`ed noise: every bit pattern for integers, numbers between -1 and 1 for floats. */
cli_image make_noise(clf_dtype dtype, int rank, const int64_t *shape, unsigned seed);

/** Shape, type, flags and bytes agree. */
void expect_equal(const cli_image *got, const cli_image *expected);

/** Writes the image, reads it back, expects the same, cuts the file everywhere, releases the image. */
void expect_round_trip(const char *name, cli_image *image);

/** Elements of an image. */
int64_t count_of(const cli_image *image);

#endif

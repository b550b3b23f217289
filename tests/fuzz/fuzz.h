/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What fuzz targets share: the bytes of an input read as numbers, and what must hold whatever they are. Each target is
 * one file with LLVMFuzzerTestOneInput; replay.c, or libFuzzer, calls it.
 */
#ifndef CLF_TESTS_FUZZ_H
#define CLF_TESTS_FUZZ_H

#include <clfilter/clfilter.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An input, read from its beginning; where it ends it goes on with zeros, which are defaults. */
typedef struct fuzz_bytes {
    const uint8_t *at;
    size_t left;
} fuzz_bytes;

uint8_t fuzz_byte(fuzz_bytes *bytes);

/* Most often a small number, at times one at the end of a type's range, or any. */
int64_t fuzz_number(fuzz_bytes *bytes);
int fuzz_int(fuzz_bytes *bytes);
double fuzz_real(fuzz_bytes *bytes);

/* Stops the program with a sentence where something does not hold: a finding. */
void fuzz_expect(bool holds, const char *what);

/* A status and its sentence agree. */
void fuzz_expect_told(clf_status status, const clf_error *error);

/* Opens the fake, a device of the class and limits that a byte says, and closes it: nothing may be left alive. */
clf_context *fuzz_open(uint8_t device);
void fuzz_close(clf_context *context);

/* Looks at a plan, clones it, executes both where its tensors are small, and destroys all; NULL: nothing. */
void fuzz_use_plan(clf_context *context, clf_plan *plan);

#endif

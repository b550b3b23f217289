/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzed: the readers of .npy, PNG and TIFF files, whole and in slabs. What is read is all there; what is refused is
 * refused with a sentence that names the file. An input is the file.
 */
#include "fuzz.h"

#include "slabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 22 };

/* Sums the bytes: a sanitizer sees where they are not there. */
static void look_at(const void *data, int64_t bytes) {
    volatile unsigned char sum = 0;
    for (int64_t i = 0; i < bytes; i++)
        sum = (unsigned char)(sum + ((const unsigned char *)data)[i]);
}

static void expect_blamed(const char *path, const cli_error *error) {
    fuzz_expect(strncmp(error->message, path, strlen(path)) == 0, "a refusal does not name the file");
}

static void read_whole(const char *path) {
    cli_image image = {0};
    cli_error error = {0};
    int64_t bytes = 0;
    if (!image_read(path, &image, &error)) {
        fuzz_expect(image.array.data == NULL, "a refused image has data");
        expect_blamed(path, &error);
        return;
    }
    int64_t element = (int64_t)clf_dtype_bytes(image.array.dtype);
    fuzz_expect(image.array.rank >= 1 && image.array.rank <= CLF_MAX_RANK &&
                    image_bytes(image.array.rank, image.array.shape, element, &bytes),
                "an image has an impossible shape");
    look_at(image.array.data, bytes);
    image_free(&image);
}

/* Slabs of a third of the rows, the last of them first: readers go back. */
static void read_slabs(const char *path) {
    slab_source source = {0};
    cli_error error = {0};
    int64_t bytes = 0;
    if (!slabs_open_source(path, &source, &error)) {
        expect_blamed(path, &error);
        slabs_close_source(&source);
        return;
    }
    clf_array part = source.image.array;
    int64_t rows = part.shape[0], piece = rows / 3 + 1;
    part.shape[0] = piece;
    memset(part.strides, 0, sizeof part.strides);
    if (image_bytes(part.rank, part.shape, (int64_t)clf_dtype_bytes(part.dtype), &bytes) && bytes <= MOST_BYTES) {
        void *memory = calloc((size_t)bytes, 1);
        fuzz_expect(memory != NULL, "no memory");
        int64_t stride = 1;
        for (int i = part.rank - 1; i >= 0; i--) {
            part.strides[i] = stride;
            stride *= part.shape[i];
        }
        part.data = memory;
        for (int64_t first = rows - piece; first >= 0 && rows - first <= 3 * piece; first -= piece) {
            const slab_part place = {0, first, piece};
            if (!slabs_read(&source, &place, &part, &error)) {
                expect_blamed(path, &error);
                break;
            }
        }
        free(memory);
    }
    slabs_close_source(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64];
    int file = memfd_create("input", 0);
    fuzz_expect(file >= 0 && write(file, data, size) == (ssize_t)size, "no file");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    read_whole(path);
    read_slabs(path);
    fuzz_expect(close(file) == 0, "the file is closed already");
    return 0;
}

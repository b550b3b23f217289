/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the inputs that fuzzing begins with, a file each, into the folders line, wisdom and image of argv[1]: lines of
 * the tests, wisdom about some of them, and small images of every format and type.
 */
#include "check/conformance.h"
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LINES_EACH = 40 }; /* one line of so many, of the tests' thousands */

static const char *folder;

static bool write_text(const char *name, const char *kind, size_t number, const char *text) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s/%s-%zu", folder, kind, name, number);
    FILE *file = fopen(path, "wb");
    bool written = file != NULL && fputs(text, file) >= 0;
    return file != NULL && fclose(file) == 0 && written;
}

static bool write_line(void *user, const char *line) {
    size_t *number = user;
    size_t at = (*number)++;
    return at % LINES_EACH != 0 || write_text("tests", "line", at, line);
}

static bool write_lines(void) {
    size_t count = 0;
    for (size_t i = 0; conformance_lines[i] != NULL; i++)
        if (!write_text("small", "line", i, conformance_lines[i]))
            return false;
    return conformance_every_line(write_line, &count);
}

static bool write_wisdom(void) {
    return write_text("two", "wisdom", 0,
                      "clfilter-wisdom 1\n"
                      "conv.direct 3 1 91000 0123456789abcdef conv f32 512x512 k=3x3 border=reflect\n"
                      "gradient.each 0 2 12 fedcba9876543210 gradient f32 3x32x48 border=periodic\n") &&
           write_text("damaged", "wisdom", 0, "clfilter-wisdom 1\nconv.direct 3 9 -1 0123 conv\n\nx\n");
}

static bool write_image(size_t number, clf_dtype dtype, const char *ending, int64_t channels) {
    char path[4096];
    cli_error error = {0};
    cli_image image = {.interleaved = true};
    const int64_t shape[3] = {3, 4, channels};
    if (!image_create(&image, dtype, 3, shape, &error))
        return false;
    image.interleaved = true;
    image.alpha = channels % 2 == 0 ? IMAGE_ALPHA_STRAIGHT : IMAGE_ALPHA_NONE;
    memset(image.array.data, 0x3c, (size_t)(12 * channels) * clf_dtype_bytes(dtype));
    (void)snprintf(path, sizeof path, "%s/image/seed-%zu-%s%s", folder, number, clf_dtype_name(dtype), ending);
    bool written = !image_format_holds(IMAGE_TIFF, &image, dtype, &error) || image_write(path, &image, &error) ||
                   strcmp(ending, ".png") == 0; /* which holds few types */
    image_free(&image);
    return written;
}

static bool write_images(void) {
    static const char *const endings[] = {".npy", ".png", ".tif"};
    size_t number = 0;
    bool good = true;
    for (int dtype = CLF_F32; dtype <= CLF_I16; dtype++)
        for (int64_t channels = 1; channels <= 4; channels++)
            for (int ending = 0; ending < 3; ending++)
                good = write_image(number++, (clf_dtype)dtype, endings[ending], channels) && good;
    return good;
}

int main(int count, char **arguments) {
    static const char *const kinds[] = {"line", "wisdom", "image", "descriptor"};
    if (count != 2)
        return 2;
    folder = arguments[1];
    (void)mkdir(folder, 0777);
    for (int i = 0; i < 4; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, kinds[i]);
        (void)mkdir(path, 0777);
    }
    return write_lines() && write_wisdom() && write_images() ? 0 : 1;
}

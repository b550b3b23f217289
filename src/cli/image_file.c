/* SPDX-License-Identifier: Apache-2.0 */
/* image_file.c: whole files read and written, each by its format's own reader and writer. */
#include "image.h"

#include "input.h"
#include "output.h"

typedef struct format_file {
    bool (*read)(FILE *, int64_t, cli_image *, cli_error *);
    bool (*write)(FILE *, const cli_image *, cli_error *);
} format_file;

static const format_file formats[] = {[IMAGE_NPY] = {image_read_npy, image_write_npy},
                                      [IMAGE_PNG] = {image_read_png, image_write_png},
                                      [IMAGE_TIFF] = {image_read_tiff, image_write_tiff}};

bool image_read(const char *path, cli_image *out, cli_error *error) {
    input_file input;
    image_format format = IMAGE_NPY;
    if (!input_open(path, &input, error))
        return cli_blame(error, path);
    const bool ok =
        image_recognise(input.file, path, &format, error) && formats[format].read(input.file, input.size, out, error);
    fclose(input.file);
    return ok || cli_blame(error, path);
}

bool image_write(const char *path, const cli_image *image, cli_error *error) {
    image_format format;
    output_file output;
    if (!image_format_of_name(path, &format))
        return cli_fail(error, "%s: the name must end in .npy, .png, .tif or .tiff", path);
    if (!image_format_holds(format, image, image->array.dtype, error) || !output_open(path, &output, error))
        return cli_blame(error, path);
    if (!formats[format].write(output.file, image, error)) {
        output_abandon(&output);
        return cli_blame(error, path);
    }
    return output_commit(&output, error) || cli_blame(error, path);
}

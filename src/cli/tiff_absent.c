/* SPDX-License-Identifier: Apache-2.0 */
/* The program without libtiff (CLF_TIFF=OFF): TIFFs are refused. */
#include "error.h"
#include "image.h"
#include "slabs.h"

static bool refuse(cli_error *error) {
    return cli_fail(error, "a TIFF; this program was built without libtiff, and takes .npy and PNG");
}

bool image_read_tiff(FILE *file, int64_t size, cli_image *out, cli_error *error) {
    (void)file, (void)size, (void)out;
    return refuse(error);
}

bool image_write_tiff(FILE *file, const cli_image *image, cli_error *error) {
    (void)file, (void)image;
    return refuse(error);
}

bool tiff_open_source(slab_source *source, cli_error *error) {
    (void)source;
    return refuse(error);
}

bool tiff_open_sink(slab_sink *sink, cli_error *error) {
    (void)sink;
    return refuse(error);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The example of README.md, word for word: vertical edges of a small image by a periodic Sobel correlation. */
#include <clfilter/clfilter.h>
#include <stdio.h>

int main(void) {
    float image[2][6] = {{0, 0, 0, 1, 1, 1}, {0, 0, 0, 1, 1, 1}}, edges[2][6];
    float sobel[3][3] = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
    const clf_array in = {.data = image, .rank = 2, .shape = {2, 6}}, out = {.data = edges, .rank = 2, .shape = {2, 6}};
    clf_convolve_desc desc = {.kernel = {.data = sobel, .rank = 2, .shape = {3, 3}}, .border = {CLF_BORDER_PERIODIC}};
    clf_context *context = NULL;
    clf_plan *plan = NULL;
    clf_error error = {0};
    bool ok = !clf_context_create(NULL, &context, &error) &&
              !clf_tensor_create(context, CLF_F32, 2, in.shape, &desc.src, &error) &&
              !clf_tensor_create(context, CLF_F32, 2, out.shape, &desc.dst, &error) &&
              !clf_upload(context, &in, &desc.src, &error) && !clf_plan_correlate(context, &desc, &plan, &error) &&
              !clf_execute(plan, NULL, NULL, &error) && !clf_download(context, &desc.dst, &out, &error);
    for (int x = 0; ok && x < 6; ++x)
        printf("%g%c", edges[0][x], x < 5 ? ' ' : '\n'); /* -4 0 4 4 0 -4 */
    if (!ok)
        fprintf(stderr, "%s: %s\n", clf_status_name(error.code), error.message);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
    clf_context_destroy(context);
    return ok ? 0 : 1;
}

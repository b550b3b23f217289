/* SPDX-License-Identifier: Apache-2.0 */
/* What of the library stands in for a device: how many arguments a kernel takes, and transforms, which do nothing. */
#include "fake.h"

#include "fft/fft.h"
#include "rt/launch.h"

clf_status __real_clf_launch_seal(clf_launch *launch, clf_error *error);
clf_status __wrap_clf_launch_seal(clf_launch *launch, clf_error *error);
clf_status __wrap_clf_fft_get(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc,
                              clf_fft **fft, clf_error *error);
size_t __wrap_clf_fft_scratch_bytes(const clf_fft *fft);
clf_status __wrap_clf_fft_enqueue(clf_fft *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error);

clf_status __wrap_clf_launch_seal(clf_launch *launch, clf_error *error) {
    fake_say_arguments(launch->argument_count);
    return __real_clf_launch_seal(launch, error);
}

/* Libraries write programs and look at what they compute; a fake's is nothing. */
clf_status __wrap_clf_fft_get(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc,
                              clf_fft **fft, clf_error *error) {
    static char transform;
    (void)context, (void)provider, (void)desc, (void)error;
    *fft = (clf_fft *)&transform;
    return CLF_OK;
}

size_t __wrap_clf_fft_scratch_bytes(const clf_fft *fft) {
    (void)fft;
    return 64;
}

clf_status __wrap_clf_fft_enqueue(clf_fft *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error) {
    (void)fft, (void)inverse, (void)data, (void)scratch, (void)error;
    return CLF_OK;
}

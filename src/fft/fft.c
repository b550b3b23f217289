/* SPDX-License-Identifier: Apache-2.0 */
/* Transforms of a context: made once, checked once, shared. */
#include "fft/fft.h"

#include "base/alloc.h"
#include "fft/fft_check.h"
#include "rt/slot.h"

#include <stdlib.h>
#include <string.h>

struct clf_fft {
    clf_fft *next;
    clf_context *context;
    const clf_fft_provider *provider;
    clf_fft_desc desc;
    void *object;
    size_t scratch_bytes;
};

/* The libraries' state is the process's, so the lock is too. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool same(const clf_fft_desc *a, const clf_fft_desc *b) {
    return memcmp(a->extent, b->extent, sizeof a->extent) == 0 && a->batch == b->batch && a->wide == b->wide;
}

static void release_all(void *object) {
    clf_fft *fft = object;
    pthread_mutex_lock(&lock);
    while (fft != NULL) {
        clf_fft *next = fft->next;
        fft->provider->release(fft->object);
        free(fft);
        fft = next;
    }
    pthread_mutex_unlock(&lock);
}

static const clf_slot slot = {release_all, false};

/* The context's last transform, from which the others hang. */
static clf_fft *first_of(clf_context *context) {
    pthread_mutex_lock(&context->lock);
    clf_fft *first = clf_slot_get(context, &slot);
    pthread_mutex_unlock(&context->lock);
    return first;
}

static clf_status remember(clf_context *context, clf_fft *fft, clf_error *error) {
    pthread_mutex_lock(&context->lock);
    clf_status status = clf_slot_put(context, &slot, fft, error);
    pthread_mutex_unlock(&context->lock);
    return status;
}

static clf_fft *find(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc) {
    clf_fft *fft = first_of(context);
    while (fft != NULL && (fft->provider != provider || !same(&fft->desc, desc)))
        fft = fft->next;
    return fft;
}

/* Makes, checks and remembers; the caller holds the lock. */
static clf_status add(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc, clf_fft **out,
                      clf_error *error) {
    clf_fft *fft;
    CLF_TRY(clf_allocate(&fft, 1, sizeof *fft, error));
    *fft = (clf_fft){first_of(context), context, provider, *desc, NULL, 0};
    clf_status status = provider->make(context, desc, &fft->object, &fft->scratch_bytes, error);
    if (status == CLF_OK) {
        status = clf_fft_check(context, provider, desc, fft->object, fft->scratch_bytes, error);
        if (status == CLF_OK)
            status = remember(context, fft, error);
        if (status != CLF_OK)
            provider->release(fft->object);
    }
    if (status != CLF_OK) {
        free(fft);
        return status;
    }
    *out = fft;
    return CLF_OK;
}

clf_status clf_fft_get(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc, clf_fft **fft,
                       clf_error *error) {
    clf_status status = CLF_OK;
    pthread_mutex_lock(&lock);
    clf_fft *known = find(context, provider, desc);
    if (known != NULL)
        *fft = known;
    else
        status = add(context, provider, desc, fft, error);
    pthread_mutex_unlock(&lock);
    return status;
}

size_t clf_fft_scratch_bytes(const clf_fft *fft) {
    return fft->scratch_bytes;
}

clf_status clf_fft_enqueue(clf_fft *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error) {
    pthread_mutex_lock(&lock);
    clf_status status = fft->provider->enqueue(fft->object, fft->context->queue, inverse, data, scratch, error);
    pthread_mutex_unlock(&lock);
    return status;
}

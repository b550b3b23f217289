/* SPDX-License-Identifier: Apache-2.0 */
/* A context's slots: a list, as there are as many as rooms that keep something. */
#include "rt/slot.h"

#include "base/alloc.h"

#include <stdlib.h>

struct clf_slot_entry {
    struct clf_slot_entry *next;
    const clf_slot *slot;
    void *object;
};

static struct clf_slot_entry *find(const clf_context *context, const clf_slot *slot) {
    struct clf_slot_entry *entry = context->slots;
    while (entry != NULL && entry->slot != slot)
        entry = entry->next;
    return entry;
}

void *clf_slot_get(const clf_context *context, const clf_slot *slot) {
    const struct clf_slot_entry *entry = find(context, slot);
    return entry != NULL ? entry->object : NULL;
}

clf_status clf_slot_put(clf_context *context, const clf_slot *slot, void *object, clf_error *error) {
    struct clf_slot_entry *entry = find(context, slot);
    if (entry == NULL) {
        CLF_TRY(clf_allocate(&entry, 1, sizeof *entry, error));
        entry->slot = slot;
        entry->next = context->slots;
        context->slots = entry;
    }
    entry->object = object;
    return CLF_OK;
}

/* Without the lock, which the work that is waited for may need. What it still adds is released with the others. */
void clf_slots_release(clf_context *context, bool works) {
    pthread_mutex_lock(&context->lock);
    struct clf_slot_entry *first = context->slots;
    pthread_mutex_unlock(&context->lock);
    for (struct clf_slot_entry *entry = first; entry != NULL; entry = entry->next) {
        if (entry->slot->works != works || entry->object == NULL)
            continue;
        entry->slot->release(entry->object);
        entry->object = NULL;
    }
    if (works)
        return;
    while ((first = context->slots) != NULL) {
        context->slots = first->next;
        free(first);
    }
}

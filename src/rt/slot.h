/* SPDX-License-Identifier: Apache-2.0 */
/* What rooms above keep in a context, which knows of them no more than how it is released. */
#ifndef CLF_RT_SLOT_H
#define CLF_RT_SLOT_H

#include "rt/rt.h"

/* A static const of the file that keeps something; its address is the key. */
typedef struct clf_slot {
    void (*release)(void *object); /* when the context is destroyed */
    bool works; /* the object may have work under way, which uses the context: released before anything else is */
} clf_slot;

/* What is kept; NULL if nothing is. The caller holds the context's lock. */
void *clf_slot_get(const clf_context *context, const clf_slot *slot);

/*
 * Keeps an object in the place of what was there, which is not released. The context owns it afterwards, unless that
 * fails, which it can do only the first time. The caller holds the context's lock.
 */
clf_status clf_slot_put(clf_context *context, const clf_slot *slot, void *object, clf_error *error);

/* Releases objects that `works` is true of, or the others. */
void clf_slots_release(clf_context *context, bool works);

#endif

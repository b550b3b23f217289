/* SPDX-License-Identifier: Apache-2.0 */
/* The disk cache of programs as its tests use it: something filtered with it, and what is then in its folder. */
#ifndef CLF_TESTS_CACHED_H
#define CLF_TESTS_CACHED_H

#include "folder.h"
#include "rt/source.h"

extern const char cached_programs[]; /* the folder, below the cache folder */
extern folder_log cached_messages;   /* of the context that filtered last */

/* A gradient with a context of its own; false if it is wrong. Central differences, the ends reflected. */
bool cached_filter(clf_program_cache cache, clf_build_statistics *built);

/* The same, which must be right, build so many programs, find so many on disk and warn so often. */
void cached_expect(clf_program_cache cache, size_t built, size_t from_disk, size_t warnings);

clf_program_cache_info cached_look(void);

/* The name of the one entry there is, "clfilter/programs/<16 digits>". */
const char *cached_entry_name(void);

/* A good entry, its bytes, and a way to ask for it without building anything. */
typedef struct cached_entry {
    const char *name;
    unsigned char *data;
    size_t bytes;
    clf_context *context;
    const clf_kernel_source *source;
    char options[512];
} cached_entry;

cached_entry cached_make_entry(void);
void cached_release_entry(cached_entry *entry);

/* True if the cache gives a program; a warning is expected if it does not. */
bool cached_loads(const cached_entry *entry);

#endif

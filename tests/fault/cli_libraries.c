/* SPDX-License-Identifier: Apache-2.0 */
/* malloc and its like, in front of the C library's. */
#include "cli_libraries.h"

#include "faults.h"

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RANGES = 32 };

/* The code of a library. */
static struct range { uintptr_t begin, end; } ranges[MOST_RANGES];
static int range_count, failures;

static int note_library(struct dl_phdr_info *info, size_t size, void *found) {
    static const char *const names[] = {"/libspng.", "/libtiff.", "/libz."};
    (void)size;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strstr(info->dlpi_name, names[i]) == NULL)
            continue;
        ++*(int *)found;
        for (int j = 0; j < info->dlpi_phnum && range_count < MOST_RANGES; j++) {
            const ElfW(Phdr) *part = &info->dlpi_phdr[j];
            const uintptr_t begin = (uintptr_t)(info->dlpi_addr + part->p_vaddr);
            if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0)
                ranges[range_count++] = (struct range){begin, begin + (uintptr_t)part->p_memsz};
        }
    }
    return 0;
}

int cli_libraries_find(void) {
    int found = 0;
    dl_iterate_phdr(note_library, &found);
    return found;
}

int cli_libraries_failures(void) {
    return failures;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

/* Seen by the libraries. */
#define SHOWN __attribute__((visibility("default")))

static bool fails(const void *caller) {
    for (int i = 0; i < range_count; i++)
        if ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end && fault_refuses_memory()) {
            failures++;
            return true;
        }
    return false;
}

SHOWN void *malloc(size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

SHOWN void *calloc(size_t count, size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

SHOWN void *realloc(void *memory, size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}
#endif

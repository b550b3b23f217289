/* SPDX-License-Identifier: Apache-2.0 */
/* Built programs kept on disk: loading and storing one, and the folder's size. */
#ifndef CLF_RT_PROGRAM_FILE_H
#define CLF_RT_PROGRAM_FILE_H

#include "rt/rt.h"
#include "rt/source.h"

/* Takes a built program from the disk; false if there is none that can be used, for whatever reason. */
bool clf_program_load(const clf_context *context, const clf_kernel_source *source, const char *options,
                      cl_program *program);

/* Keeps a built program on the disk, as far as that is possible. */
void clf_program_store(const clf_context *context, const clf_kernel_source *source, const char *options,
                       cl_program program);

/* Removes the entries used longest ago until those in the folder are below `most` bytes. */
void clf_program_folder_trim(const char *folder, size_t most);

#endif

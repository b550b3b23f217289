/* SPDX-License-Identifier: Apache-2.0 */
/* The wrappers of the program's files. A failing call does nothing, but for a close, which nobody asks for again. */
#include "cli_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The functions themselves. */
int __real_open64(const char *path, int flags, ...);
int __real_mkstemp64(char *path);
int __real_close(int descriptor);
ssize_t __real_read(int descriptor, void *data, size_t bytes);
ssize_t __real_write(int descriptor, const void *data, size_t bytes);
ssize_t __real_pread64(int descriptor, void *data, size_t bytes, off64_t offset);
ssize_t __real_pwrite64(int descriptor, const void *data, size_t bytes, off64_t offset);
int __real_fstat64(int descriptor, struct stat64 *status);
int __real_rename(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);
int __real_unlinkat(int folder, const char *path, int flags);
DIR *__real_opendir(const char *path);
int __real_closedir(DIR *folder);
int __real_fileno(FILE *stream);

enum { MOST_FILES = 256, NAME_SIZE = 200, MOST_REASONS = 8 };

/* A file that is open, by its descriptor. */
typedef struct open_file {
    char name[NAME_SIZE];
    FILE *stream; /* made round it; NULL: none */
    int descriptor;
} open_file;

static struct files_state {
    bool counting;
    cli_fault fault;
    atomic_size_t calls, failures; /* streams of slabs call from threads of their own */
    atomic_long open;
    char what[NAME_SIZE + 32], name[NAME_SIZE];
    char reasons[MOST_REASONS][NAME_SIZE]; /* of all failures */
} state;

static open_file files[MOST_FILES];
static FILE *printed;

void cli_files_begin(const cli_fault *fault) {
    state = (struct files_state){.counting = true, .fault = *fault};
}

void cli_files_end(void) {
    state.counting = false;
}

size_t cli_files_calls(void) {
    return state.calls;
}

size_t cli_files_failures(void) {
    return state.failures;
}

const char *cli_files_what(void) {
    return state.what;
}

const char *cli_files_name(void) {
    return state.name;
}

bool cli_files_explains(const char *sentence) {
    for (int i = 0; i < MOST_REASONS && state.reasons[i][0] != '\0'; i++)
        if (strstr(sentence, state.reasons[i]) != NULL)
            return true;
    return false;
}

long cli_files_open(void) {
    return state.open;
}

/* Counts a call; true if it is to fail, with errno set. */
static bool strikes(const char *call, const char *name, int reason) {
    if (!state.counting)
        return false;
    const size_t place = ++state.calls, first = state.fault.first;
    if (first == 0 || (state.fault.forever ? place < first : place != first))
        return false;
    if (state.failures++ == 0) {
        snprintf(state.what, sizeof state.what, "%s of %s", call, name);
        snprintf(state.name, sizeof state.name, "%s", name);
    }
    const char *text = strerror(reason);
    int i = 0;
    while (i < MOST_REASONS - 1 && state.reasons[i][0] != '\0' && strcmp(state.reasons[i], text) != 0)
        i++;
    snprintf(state.reasons[i], NAME_SIZE, "%s", text);
    errno = reason;
    return true;
}

static const char *name_of(int descriptor) {
    const bool known = descriptor >= 0 && descriptor < MOST_FILES && files[descriptor].name[0] != '\0';
    return known ? files[descriptor].name : "a file";
}

/* A descriptor that was opened, or none. */
static int note(int descriptor, const char *name) {
    if (descriptor >= MOST_FILES)
        abort();
    if (descriptor >= 0) {
        files[descriptor] = (open_file){.descriptor = descriptor};
        snprintf(files[descriptor].name, NAME_SIZE, "%s", name);
        state.open++;
    }
    return descriptor;
}

static int drop(int descriptor) {
    if (descriptor >= 0 && descriptor < MOST_FILES && files[descriptor].name[0] != '\0') {
        files[descriptor].name[0] = '\0';
        state.open--;
    }
    return __real_close(descriptor);
}

int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? (mode_t)va_arg(rest, int) : 0;
    va_end(rest);
    return strikes("open", path, EMFILE) ? -1 : note(__real_open64(path, flags, mode), path);
}

int __wrap_mkstemp64(char *path);
int __wrap_mkstemp64(char *path) {
    return strikes("mkstemp", path, ENOSPC) ? -1 : note(__real_mkstemp64(path), path);
}

int __wrap_close(int descriptor);
int __wrap_close(int descriptor) {
    const bool fails = strikes("close", name_of(descriptor), EIO);
    const int code = drop(descriptor);
    errno = fails ? EIO : errno;
    return fails ? -1 : code;
}

#define WRAP_MOVE(name, real, data_type, reason)                                                                  \
    ssize_t __wrap_##name(int descriptor, data_type data, size_t bytes, off64_t offset);                          \
    ssize_t __wrap_##name(int descriptor, data_type data, size_t bytes, off64_t offset) {                         \
        return strikes(#real, name_of(descriptor), reason) ? -1 : __real_##name(descriptor, data, bytes, offset); \
    }
WRAP_MOVE(pread64, pread, void *, EIO)
WRAP_MOVE(pwrite64, pwrite, const void *, ENOSPC)

ssize_t __wrap_read(int descriptor, void *data, size_t bytes);
ssize_t __wrap_read(int descriptor, void *data, size_t bytes) {
    return strikes("read", name_of(descriptor), EIO) ? -1 : __real_read(descriptor, data, bytes);
}

ssize_t __wrap_write(int descriptor, const void *data, size_t bytes);
ssize_t __wrap_write(int descriptor, const void *data, size_t bytes) {
    return strikes("write", name_of(descriptor), ENOSPC) ? -1 : __real_write(descriptor, data, bytes);
}

int __wrap_fstat64(int descriptor, struct stat64 *status);
int __wrap_fstat64(int descriptor, struct stat64 *status) {
    return strikes("fstat", name_of(descriptor), EIO) ? -1 : __real_fstat64(descriptor, status);
}

int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to) {
    return strikes("rename", to, EACCES) ? -1 : __real_rename(from, to);
}

int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode) {
    return strikes("mkdir", path, ENOSPC) ? -1 : __real_mkdir(path, mode);
}

int __wrap_unlinkat(int folder, const char *path, int flags);
int __wrap_unlinkat(int folder, const char *path, int flags) {
    return strikes("unlinkat", path, EACCES) ? -1 : __real_unlinkat(folder, path, flags);
}

DIR *__wrap_opendir(const char *path);
DIR *__wrap_opendir(const char *path) {
    DIR *folder = strikes("opendir", path, EMFILE) ? NULL : __real_opendir(path);
    state.open += folder != NULL;
    return folder;
}

int __wrap_closedir(DIR *folder);
int __wrap_closedir(DIR *folder) {
    state.open--;
    return __real_closedir(folder);
}

/* Streams: what is read and written when a buffer is empty or full, as the C library's own would do. */
static ssize_t stream_read(void *cookie, char *data, size_t bytes) {
    const open_file *file = cookie;
    return strikes("read", file->name, EIO) ? -1 : __real_read(file->descriptor, data, bytes);
}

static ssize_t stream_write(void *cookie, const char *data, size_t bytes) {
    const open_file *file = cookie;
    if (strikes("write", file->name, ENOSPC))
        return 0;
    const ssize_t written = __real_write(file->descriptor, data, bytes);
    return written < 0 ? 0 : written;
}

static int stream_seek(void *cookie, off64_t *offset, int whence) {
    const open_file *file = cookie;
    if (strikes("seek", file->name, EIO))
        return -1;
    *offset = lseek64(file->descriptor, *offset, whence);
    return *offset < 0 ? -1 : 0;
}

static int stream_close(void *cookie) {
    open_file *file = cookie;
    const bool fails = strikes("close", file->name, EIO);
    file->stream = NULL;
    const int code = drop(file->descriptor);
    errno = fails ? EIO : errno;
    return fails ? -1 : code;
}

static FILE *make_stream(int descriptor, const char *mode) {
    static const cookie_io_functions_t functions = {stream_read, stream_write, stream_seek, stream_close};
    open_file *file = &files[descriptor];
    return file->stream = fopencookie(file, mode, functions);
}

FILE *__wrap_fdopen(int descriptor, const char *mode);
FILE *__wrap_fdopen(int descriptor, const char *mode) {
    return strikes("fdopen", name_of(descriptor), ENOMEM) ? NULL : make_stream(descriptor, mode);
}

int __wrap_fileno(FILE *stream);
int __wrap_fileno(FILE *stream) {
    for (int i = 0; i < MOST_FILES; i++)
        if (files[i].name[0] != '\0' && files[i].stream == stream)
            return files[i].descriptor;
    return __real_fileno(stream);
}

static ssize_t print(void *cookie, const char *data, size_t bytes) {
    (void)cookie;
    return strikes("write", "standard output", ENOSPC) ? 0 : (ssize_t)fwrite(data, 1, bytes, printed);
}

FILE *cli_files_stdout(FILE *to) {
    static const cookie_io_functions_t functions = {.write = print};
    printed = to;
    return fopencookie(NULL, "w", functions);
}

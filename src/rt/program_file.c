/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file a program: "clfilter-program 1\n", the key's length and the binary's (8 bytes each, this machine's order),
 * the whole key, the binary, and a hash over all of it. The file's name is a hash of the key, so the key is compared.
 */
#include "rt/program_file.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

#include <clfilter/cache.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEY_SIZE = 2048, PATH_SIZE = 1200, LARGEST_FILE = 64 << 20 };

static const char heading[] = "clfilter-program 1\n";

typedef struct sizes {
    uint64_t key, binary;
} sizes;

enum { HEAD_BYTES = sizeof heading - 1 + sizeof(sizes) };

/* Everything the binary depends on; the source is represented by two hashes of different beginnings and its length. */
static clf_status write_key(const clf_context *context, const clf_kernel_source *source, const char *options,
                            char data[KEY_SIZE], clf_error *error) {
    const clf_device_info *info = &context->info;
    uint64_t hash = clf_hash(CLF_HASH_SEED, source->text, source->length);
    uint64_t other = clf_hash(hash ^ UINT64_C(0x9e3779b97f4a7c15), source->text, source->length);
    clf_text key = clf_text_begin(data, KEY_SIZE);
    clf_text_add(&key, "%s %zu %016llx%016llx\n%s\n%s\n%s\n%s\n%s\n%s\n", source->name, source->length,
                 (unsigned long long)hash, (unsigned long long)other, options, info->platform, info->name, info->vendor,
                 info->version, info->driver);
    return clf_text_check(&key, source->name, "key", error);
}

static clf_status find_path(const char *key, char path[PATH_SIZE], clf_error *error) {
    char name[64];
    clf_text text = clf_text_begin(name, sizeof name);
    clf_text_add(&text, "programs/%016llx", (unsigned long long)clf_hash(CLF_HASH_SEED, key, strlen(key)));
    CLF_TRY(clf_text_check(&text, "the cache of programs", "name of a file", error));
    return clf_cache_path(name, path, PATH_SIZE, error);
}

/* The folder a file lies in. */
static void find_folder(const char *path, char folder[PATH_SIZE]) {
    size_t length = (size_t)(strrchr(path, '/') - path);
    memcpy(folder, path, length);
    folder[length] = '\0';
}

/* Where the binary begins in a file's bytes; NULL if the file is not what it should be. */
static const unsigned char *check(const char *data, size_t bytes, const char *key, size_t *binary_bytes) {
    sizes size;
    uint64_t sum;
    size_t key_length = strlen(key);
    if (bytes < HEAD_BYTES + sizeof sum || memcmp(data, heading, sizeof heading - 1) != 0)
        return NULL;
    memcpy(&size, data + sizeof heading - 1, sizeof size);
    size_t rest = bytes - HEAD_BYTES - sizeof sum;
    if (size.key != key_length || key_length > rest || size.binary != rest - key_length)
        return NULL;
    memcpy(&sum, data + bytes - sizeof sum, sizeof sum);
    if (sum != clf_hash(CLF_HASH_SEED, data, bytes - sizeof sum) || memcmp(data + HEAD_BYTES, key, key_length) != 0)
        return NULL;
    *binary_bytes = (size_t)size.binary;
    return (const unsigned char *)data + HEAD_BYTES + key_length;
}

static bool build_binary(const clf_context *context, const unsigned char *binary, size_t bytes, const char *options,
                         cl_program *program) {
    cl_int accepted = CL_SUCCESS, code;
    cl_program made = clCreateProgramWithBinary(context->cl, 1, &context->device, &bytes, &binary, &accepted, &code);
    if (code != CL_SUCCESS)
        return false;
    if (accepted == CL_SUCCESS && clBuildProgram(made, 1, &context->device, options, NULL, NULL) == CL_SUCCESS) {
        *program = made;
        return true;
    }
    clReleaseProgram(made);
    return false;
}

/* Reads the file of a key; *data is NULL if there is none. Only what is the user's own is run. */
static clf_status read_file(const char *path, char **data, size_t *bytes, clf_error *error) {
    char folder[PATH_SIZE];
    bool there;
    find_folder(path, folder);
    *data = NULL;
    CLF_TRY(clf_cache_check_folder(folder, &there, error));
    return there ? clf_file_read(path, LARGEST_FILE, true, data, bytes, error) : CLF_OK;
}

bool clf_program_load(const clf_context *context, const clf_kernel_source *source, const char *options,
                      cl_program *program) {
    char key[KEY_SIZE], path[PATH_SIZE], *data = NULL;
    size_t bytes = 0, binary_bytes = 0;
    if (!context->disk_cache)
        return false;
    clf_error error = {0};
    if (write_key(context, source, options, key, NULL) != CLF_OK || find_path(key, path, NULL) != CLF_OK)
        return false;
    if (read_file(path, &data, &bytes, &error) != CLF_OK)
        clf_log(context, CLF_LOG_WARNING, "a program in the disk cache is not used: %s", error.message);
    if (data == NULL)
        return false;
    const unsigned char *binary = check(data, bytes, key, &binary_bytes);
    bool loaded = binary != NULL && build_binary(context, binary, binary_bytes, options, program);
    if (loaded)
        utimensat(AT_FDCWD, path, NULL, 0); /* used now: trimming goes by it */
    else
        clf_log(context, CLF_LOG_WARNING, "%s is damaged or from another version; the program is built again", path);
    free(data);
    return loaded;
}

/* The device's binary of a program; NULL if it cannot be had. Release with free(). */
static unsigned char *read_binary(cl_program program, size_t *bytes) {
    cl_uint devices = 0;
    *bytes = 0;
    if (clGetProgramInfo(program, CL_PROGRAM_NUM_DEVICES, sizeof devices, &devices, NULL) != CL_SUCCESS ||
        devices != 1 || clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof *bytes, bytes, NULL) != CL_SUCCESS ||
        *bytes == 0 || *bytes > LARGEST_FILE / 2)
        return NULL;
    unsigned char *binary;
    if (clf_allocate(&binary, *bytes, 1, NULL) != CLF_OK)
        return NULL;
    if (clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL) == CL_SUCCESS)
        return binary;
    free(binary);
    return NULL;
}

/* The whole file for a key and a binary. Release with free(). */
static char *compose(const char *key, const unsigned char *binary, size_t binary_bytes, size_t *bytes) {
    size_t key_bytes = strlen(key);
    const sizes size = {key_bytes, binary_bytes};
    *bytes = HEAD_BYTES + key_bytes + binary_bytes + sizeof(uint64_t);
    char *data;
    if (clf_allocate(&data, *bytes, 1, NULL) != CLF_OK)
        return NULL;
    memcpy(data, heading, sizeof heading - 1);
    memcpy(data + sizeof heading - 1, &size, sizeof size);
    memcpy(data + HEAD_BYTES, key, (size_t)size.key);
    memcpy(data + HEAD_BYTES + key_bytes, binary, binary_bytes);
    uint64_t sum = clf_hash(CLF_HASH_SEED, data, *bytes - sizeof sum);
    memcpy(data + *bytes - sizeof sum, &sum, sizeof sum);
    return data;
}

/* Writes the file and keeps the folder below its bound. */
static clf_status keep(const char *path, const char *data, size_t bytes, clf_error *error) {
    CLF_TRY(clf_cache_make_folder(path, error));
    CLF_TRY(clf_file_replace(path, data, bytes, error));
    char folder[PATH_SIZE];
    find_folder(path, folder);
    clf_program_folder_trim(folder, CLF_PROGRAM_CACHE_BYTES);
    return CLF_OK;
}

static clf_status store(const clf_context *context, const clf_kernel_source *source, const char *options,
                        cl_program program, clf_error *error) {
    char key[KEY_SIZE], path[PATH_SIZE];
    CLF_TRY(write_key(context, source, options, key, error));
    CLF_TRY(find_path(key, path, error));
    size_t binary_bytes, bytes = 0;
    unsigned char *binary = read_binary(program, &binary_bytes);
    char *data = binary != NULL ? compose(key, binary, binary_bytes, &bytes) : NULL;
    clf_status status = data != NULL ? keep(path, data, bytes, error)
                                     : clf_fail(error, CLF_DEVICE_ERROR, "the device returned no binary");
    free(data);
    free(binary);
    return status;
}

void clf_program_store(const clf_context *context, const clf_kernel_source *source, const char *options,
                       cl_program program) {
    clf_error error = {0};
    if (context->disk_cache && store(context, source, options, program, &error) != CLF_OK)
        clf_log(context, CLF_LOG_WARNING, "a program is not cached on disk: %s", error.message);
}

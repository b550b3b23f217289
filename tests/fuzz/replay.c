/* SPDX-License-Identifier: Apache-2.0 */
/* Hands every file named, and every file of the folders named, to a fuzz target: so `./dev test` replays a corpus. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static size_t replayed;

static bool replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        return false;
    }
    long size = ftell(file);
    uint8_t *data =
        malloc(size > 0 ? (size_t)size : 1); /* of exactly this size: a sanitizer sees what is read past it */
    rewind(file);
    bool read = size >= 0 && data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size;
    (void)fclose(file);
    (void)fprintf(stderr, "%s\n", path); /* the last of them is the one that stopped it */
    if (read)
        (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    replayed++;
    return read;
}

static bool replay_folder(const char *path) {
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    struct dirent *entry;
    while (good && (entry = readdir(folder)) != NULL) {
        char name[4096];
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        good = entry->d_name[0] == '.' || replay_file(name);
    }
    if (folder != NULL)
        (void)closedir(folder);
    return good;
}

int main(int count, char **arguments) {
    bool good = true;
    for (int i = 1; i < count; i++) {
        struct stat about;
        bool folder = stat(arguments[i], &about) == 0 && S_ISDIR(about.st_mode);
        good = (folder ? replay_folder(arguments[i]) : replay_file(arguments[i])) && good;
    }
    (void)printf("%zu inputs\n", replayed);
    return good && replayed > 0 ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs linked, outputs put there, looked at and removed. */
#include "cli_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_OUTPUTS = 4, LARGEST = 1 << 16, PATH_SIZE = 512 };

static const char before[] = "what was there before\n";
static const char wisdom[] = "cache/clfilter/wisdom", programs[] = "cache/clfilter/programs";

/* What a whole run leaves. */
static struct whole_output {
    char bytes[LARGEST];
    long size;
} whole[MOST_OUTPUTS];

static bool write_file(const char *path, const char *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && fwrite(bytes, 1, size, file) == size;
    return file != NULL && fclose(file) == 0 && ok;
}

/* Bytes read; -1 where there is no such file. */
static long read_file(const char *path, char bytes[LARGEST]) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return -1;
    long size = (long)fread(bytes, 1, LARGEST, file);
    (void)fclose(file);
    return size;
}

static bool is_output(const char *word) {
    return strncmp(word, "out/", 4) == 0;
}

/* The name of something in a folder that is not among the words; NULL where all of it is. */
static const char *find_stranger(const char *folder, char *const *words) {
    static char found[PATH_SIZE];
    DIR *entries = opendir(folder);
    bool strange = false;
    for (struct dirent *entry; entries != NULL && !strange && (entry = readdir(entries)) != NULL;) {
        strange = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        snprintf(found, sizeof found, "%s/%s", folder, entry->d_name);
        for (int i = 0; words[i] != NULL && strange; i++)
            strange = strcmp(words[i], found) != 0;
    }
    if (entries != NULL)
        (void)closedir(entries);
    return strange ? found : NULL;
}

static void empty(const char *folder) {
    static char *const none[] = {NULL};
    for (const char *entry; (entry = find_stranger(folder, none)) != NULL;)
        if (unlink(entry) != 0 && rmdir(entry) != 0)
            return;
}

bool cli_folder_make(const char *inputs, const char *folder) {
    static const char *const folders[] = {"made", "out", "cache"};
    /* True is not an unsigned integer of one byte, but numpy's bool. */
    static const char mask[] = "\x93NUMPY\1\0v\0{'descr': '|b1', 'fortran_order': False, 'shape': (9,), }";
    static char text[128 + 9];
    char target[PATH_SIZE], cache[PATH_SIZE];
    if (realpath(inputs, target) == NULL || (mkdir(folder, 0700) != 0 && errno != EEXIST) || chdir(folder) != 0)
        return false;
    for (int i = 0; i < 3; i++)
        if (mkdir(folders[i], 0700) != 0 && errno != EEXIST)
            return false;
    (void)unlink("in");
    memset(text, ' ', 128);
    memcpy(text, mask, sizeof mask - 1);
    text[127] = '\n';
    text[129] = text[132] = 1;
    return symlink(target, "in") == 0 && realpath("cache", cache) != NULL && setenv("XDG_CACHE_HOME", cache, 1) == 0 &&
           write_file("made/mask.npy", text, sizeof text);
}

void cli_folder_reset(void) {
    empty("out");
    empty(programs);
    empty("cache/clfilter");
    empty("cache");
}

void cli_folder_put(char *const *words, bool old) {
    empty("out");
    for (int i = 0; words[i] != NULL && old; i++)
        if (is_output(words[i]) && !write_file(words[i], before, sizeof before - 1))
            abort();
}

/* Some commands keep what they have measured, or look at what was kept. */
static const char *judge_cache(void) {
    char path[2][PATH_SIZE];
    snprintf(path[0], PATH_SIZE, "%s", wisdom);
    snprintf(path[1], PATH_SIZE, "%s", programs);
    char *const words[] = {path[0], path[1], NULL};
    static char text[LARGEST];
    const long size = read_file(wisdom, text);
    if (size >= 0 && (size == 0 || text[size - 1] != '\n'))
        return "wisdom that is not whole";
    return find_stranger("cache/clfilter", words);
}

/* Bit for bit, but for tables and pictures of times, which are whole if they begin and end as they should. */
static bool is_same(const char *name, const struct whole_output *expected, const char *text, long size) {
    const bool times = strstr(name, ".svg") != NULL || strstr(name, ".txt") != NULL;
    const long begin = times ? 16 : size, end = times ? 1 : 0;
    return size >= begin && (times || size == expected->size) && memcmp(text, expected->bytes, (size_t)begin) == 0 &&
           (end == 0 || text[size - end] == expected->bytes[expected->size - end]);
}

bool cli_folder_expect(char *const *words) {
    int count = 0;
    for (int i = 0; words[i] != NULL; i++) {
        if (!is_output(words[i]))
            continue;
        if (count == MOST_OUTPUTS)
            abort();
        whole[count].size = read_file(words[i], whole[count].bytes);
        if (whole[count++].size < 0)
            return false;
    }
    return true;
}

const char *cli_folder_judge(char *const *words, bool old, bool complete) {
    static char text[LARGEST];
    int count = 0;
    for (int i = 0; words[i] != NULL; i++) {
        if (!is_output(words[i]))
            continue;
        const struct whole_output *expected = &whole[count++];
        const long size = read_file(words[i], text);
        const bool same = is_same(words[i], expected, text, size);
        const bool kept = old ? size == sizeof before - 1 && memcmp(text, before, sizeof before - 1) == 0 : size < 0;
        const bool optional = strstr(words[i], ".txt") != NULL; /* a table of what is faster, if anything is */
        if (!same && ((complete && !optional) || !kept))
            return words[i];
    }
    const char *stranger = find_stranger("out", words);
    return stranger != NULL ? stranger : judge_cache();
}

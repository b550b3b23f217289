/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of built programs: looked into, kept below its bound, cleared. */
#include "base/file.h"
#include "base/locale.h"
#include "base/text.h"
#include "rt/program_file.h"

#include <clfilter/cache.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* An entry's name is 16 hexadecimal digits; a file being written has a point and six letters more. */
enum { NAME_LENGTH = 16, OLD_SECONDS = 3600 };

static bool is_entry(const char *name) {
    return strspn(name, "0123456789abcdef") == NAME_LENGTH && name[NAME_LENGTH] == '\0';
}

static bool is_unfinished(const char *name) {
    return strspn(name, "0123456789abcdef") == NAME_LENGTH && name[NAME_LENGTH] == '.' &&
           strlen(name) == NAME_LENGTH + 7;
}

/* One pass over the folder. */
typedef struct survey {
    size_t files, bytes;
    int refused; /* why something could not be removed: an errno, or 0 */
    char oldest[NAME_LENGTH + 1];
    struct timespec oldest_time;
} survey;

static bool earlier(struct timespec a, struct timespec b) {
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Counts the entries, and removes what a writer that died left an hour ago; with `clear`, everything goes. */
static void look(DIR *folder, bool clear, survey *found) {
    *found = (survey){0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    rewinddir(folder);
    for (const struct dirent *item; (item = readdir(folder)) != NULL;) {
        struct stat info;
        bool entry = is_entry(item->d_name), unfinished = is_unfinished(item->d_name);
        if ((!entry && !unfinished) || fstatat(dirfd(folder), item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        if (clear || (unfinished && info.st_mtim.tv_sec < now.tv_sec - OLD_SECONDS)) {
            if (unlinkat(dirfd(folder), item->d_name, 0) != 0 &&
                errno != ENOENT) /* another process may have been quicker */
                found->refused = errno;
            continue;
        }
        if (!entry)
            continue;
        found->files++;
        found->bytes += (size_t)info.st_size;
        if (found->oldest[0] == '\0' || earlier(info.st_mtim, found->oldest_time)) {
            memcpy(found->oldest, item->d_name, sizeof found->oldest);
            found->oldest_time = info.st_mtim;
        }
    }
}

void clf_program_folder_trim(const char *folder, size_t most) {
    DIR *open = opendir(folder);
    if (open == NULL)
        return;
    survey found;
    for (look(open, false, &found); found.bytes > most; look(open, false, &found))
        if (unlinkat(dirfd(open), found.oldest, 0) != 0 && errno != ENOENT)
            break;
    closedir(open);
}

/* Opens the folder; *folder is NULL if there is none. */
static clf_status open_folder(char *path, size_t capacity, DIR **folder, clf_error *error) {
    bool there;
    *folder = NULL;
    CLF_TRY(clf_cache_path("programs", path, capacity, error));
    CLF_TRY(clf_cache_check_folder(path, &there, error));
    if (!there)
        return CLF_OK;
    *folder = opendir(path);
    if (*folder == NULL && errno != ENOENT)
        return clf_fail(error, CLF_FILE_ERROR, "could not read %s: %s", path, clf_locale_reason(errno));
    return CLF_OK;
}

clf_status clf_program_cache_look(clf_program_cache_info *info, clf_error *error) {
    if (info == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_program_cache_look: info is NULL");
    DIR *folder;
    clf_program_cache_info made = {0};
    CLF_TRY(open_folder(made.path, sizeof made.path, &folder, error));
    survey found = {0};
    if (folder != NULL) {
        look(folder, false, &found);
        closedir(folder);
    }
    made.files = found.files;
    made.bytes = found.bytes;
    *info = made;
    return CLF_OK;
}

clf_status clf_program_cache_clear(clf_error *error) {
    char path[1024];
    DIR *folder;
    CLF_TRY(open_folder(path, sizeof path, &folder, error));
    if (folder == NULL)
        return CLF_OK;
    survey found;
    look(folder, true, &found);
    closedir(folder);
    if (found.refused != 0)
        return clf_fail(error, CLF_FILE_ERROR, "could not remove everything in %s: %s", path,
                        clf_locale_reason(found.refused));
    return CLF_OK;
}

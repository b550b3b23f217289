/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: temporary file, exclusive creation, rename; and its removal when a signal ends the program. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { attempts = 100 };

static const int deadly_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { deadly_count = sizeof deadly_signals / sizeof *deadly_signals };

/* What a signal handler may know; changed only while the signals are blocked. */
static const char *volatile doomed;
static struct sigaction before_ours[deadly_count];
static bool ignored[deadly_count]; /* when the program began */

void output_note_signals(void) {
    for (int i = 0; i < deadly_count; i++) {
        struct sigaction now;
        ignored[i] =
            sigaction(deadly_signals[i], NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_IGN;
    }
}

/* What would have happened without us comes next: the default, or what a driver's compiler has installed. */
static void remove_and_die(int number) {
    if (doomed)
        unlink(doomed);
    for (int i = 0; i < deadly_count; i++)
        if (deadly_signals[i] == number)
            sigaction(number, &before_ours[i], NULL);
    raise(number);
}

static void set_doomed(const char *name) {
    doomed = name;
    for (int i = 0; i < deadly_count; i++) {
        struct sigaction now;
        /* A signal that is ignored (nohup) stays so. */
        if (ignored[i] || sigaction(deadly_signals[i], NULL, &now) != 0)
            continue;
        const bool ours = !(now.sa_flags & SA_SIGINFO) && now.sa_handler == remove_and_die;
        if (name && !ours) {
            struct sigaction action = {.sa_handler = remove_and_die};
            sigemptyset(&action.sa_mask);
            before_ours[i] = now;
            sigaction(deadly_signals[i], &action, NULL);
        }
        if (!name && ours)
            sigaction(deadly_signals[i], &before_ours[i], NULL);
    }
}

static void block_signals(sigset_t *before) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < deadly_count; i++)
        sigaddset(&set, deadly_signals[i]);
    sigprocmask(SIG_BLOCK, &set, before);
}

/* "DIRECTORY/.clfilter-PID-N.tmp": short whatever the final name's length is. */
static int create_beside(const char *path, char **temporary, mode_t mode) {
    const char *slash = strrchr(path, '/');
    const int directory = slash ? (int)(slash - path) + 1 : 0;
    const size_t size = (size_t)directory + 64;
    char *name = malloc(size);
    if (!name)
        return -1;
    int descriptor = -1;
    for (int i = 0; i < attempts && descriptor < 0; i++) {
        snprintf(name, size, "%.*s.clfilter-%ld-%d.tmp", directory, path, (long)getpid(), i);
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor < 0 && errno != EEXIST)
            break;
    }
    if (descriptor < 0) {
        const int reason = errno;
        free(name);
        errno = reason;
        return -1;
    }
    *temporary = name;
    return descriptor;
}

bool output_open(const char *path, output_file *output, cli_error *error) {
    struct stat existing;
    const bool exists = stat(path, &existing) == 0;
    if (exists && !S_ISREG(existing.st_mode))
        return cli_fail(error, "exists and is not a regular file");
    output_file made = {.path = path};
    sigset_t before;
    block_signals(&before);
    /* Never more open than the file it replaces. */
    const int descriptor = create_beside(path, &made.temporary, exists ? existing.st_mode & 0666 : 0666);
    const int reason = errno;
    if (descriptor >= 0)
        set_doomed(made.temporary);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (descriptor < 0)
        return cli_fail_file(error, "written", reason);
    if (exists)
        fchmod(descriptor, existing.st_mode & 0777); /* what the umask took; a file system may not know modes */
    if (!(made.file = fdopen(descriptor, "w+b"))) {
        const int why = errno;
        close(descriptor);
        output_abandon(&made);
        return cli_fail_file(error, "written", why);
    }
    *output = made;
    errno = 0; /* of what comes next it says why */
    return true;
}

bool output_commit(output_file *output, cli_error *error) {
    errno = 0;
    bool ok = !ferror(output->file) && fflush(output->file) == 0;
    int reason = errno;
    if (fclose(output->file) != 0 && ok) {
        reason = errno;
        ok = false;
    }
    output->file = NULL;
    if (ok && rename(output->temporary, output->path) != 0) {
        reason = errno;
        ok = false;
    }
    output_abandon(output);
    return ok || cli_fail_file(error, "written", reason);
}

static bool blame(const char *option, const char *path, cli_error *error) {
    cli_blame(error, path);
    return cli_blame(error, option);
}

bool output_open_for(const char *option, const char *path, output_file *output, cli_error *error) {
    return output_open(path, output, error) || blame(option, path, error);
}

bool output_commit_for(const char *option, output_file *output, cli_error *error) {
    const char *path = output->path;
    return output_commit(output, error) || blame(option, path, error);
}

void output_abandon(output_file *output) {
    sigset_t before;
    if (output->file)
        fclose(output->file);
    block_signals(&before);
    unlink(output->temporary); /* gone already after a rename */
    set_doomed(NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(output->temporary);
    *output = (output_file){0};
}

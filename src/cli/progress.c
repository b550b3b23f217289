/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c: a thread that wakes every second and writes one line over itself. */
#include "progress.h"

#include "base/number.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { patience_seconds = 2 };

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    const char *activity;
    double done;  /* 0 to 1; negative: not known */
    bool running; /* seen by the program's own thread only */
    bool ended;   /* under the lock, as is the wake */
} progress = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void *show(void *unused) {
    struct timespec moment;
    bool shown = false;
    clock_gettime(CLOCK_REALTIME, &moment); /* the clock that pthread_cond_timedwait reads */
    moment.tv_sec += patience_seconds;
    pthread_mutex_lock(&progress.lock);
    for (long seconds = patience_seconds; !progress.ended;) {
        if (pthread_cond_timedwait(&progress.wake, &progress.lock, &moment) == 0)
            continue;
        if (progress.ended)
            break;
        fprintf(stderr, "\rclfilter: %s, %ld s", progress.activity, seconds);
        if (progress.done >= 0)
            fprintf(stderr, ", %3s %%", clf_number_fixed(100 * progress.done, 0).text);
        shown = true;
        seconds++;
        moment.tv_sec++;
    }
    pthread_mutex_unlock(&progress.lock);
    if (shown)
        fprintf(stderr, "\r\033[K");
    return unused;
}

void progress_begin(const char *activity, bool quiet) {
    if (quiet || !isatty(STDERR_FILENO))
        return;
    progress_end();
    progress.activity = activity;
    progress.ended = false;
    progress.done = -1;
    progress.running = pthread_create(&progress.thread, NULL, show, NULL) == 0;
}

void progress_share(double done) {
    pthread_mutex_lock(&progress.lock);
    progress.done = done;
    pthread_mutex_unlock(&progress.lock);
}

void progress_end(void) {
    if (!progress.running)
        return;
    pthread_mutex_lock(&progress.lock);
    progress.ended = true;
    pthread_cond_signal(&progress.wake);
    pthread_mutex_unlock(&progress.lock);
    pthread_join(progress.thread, NULL);
    progress.running = false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder that the program's commands are run in: in/ has their inputs, made/ those that the program made itself,
 * out/ their outputs, cache/ programs and wisdom. What is called here is not made to fail: no count has begun.
 */
#ifndef CLF_TESTS_CLI_FOLDER_H
#define CLF_TESTS_CLI_FOLDER_H

#include <stdbool.h>

/* Makes the folder, with in/ a link to `inputs`, and works there from now on. */
bool cli_folder_make(const char *inputs, const char *folder);

/* Empties out/ and cache/. */
void cli_folder_reset(void);

/* Each word that begins with out/ becomes a file that was there before a run, where `old`, or is not there. */
void cli_folder_put(char *const *words, bool old);

/* Keeps the outputs among the words, after a run without faults, as what a whole run leaves. False: one is missing. */
bool cli_folder_expect(char *const *words);

/*
 * NULL where every output is whole or, unless the run is `complete`, what it was before it, and nothing else has been
 * left; otherwise what is wrong.
 */
const char *cli_folder_judge(char *const *words, bool old, bool complete);

#endif

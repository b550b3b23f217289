/* SPDX-License-Identifier: Apache-2.0 */
/** @file json.h What the program prints as JSON. */
#ifndef CLFILTER_CLI_JSON_H
#define CLFILTER_CLI_JSON_H

/** Prints `"name": "text", ` on stdout; what is not UTF-8 in `text` becomes U+FFFD. */
void json_print_text(const char *name, const char *text);

#endif

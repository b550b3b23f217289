/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file version.h
 * The version, and what a program may rely on in later versions.
 *
 * Versions are MAJOR.MINOR.PATCH.
 *
 * Until 1.0
 *   - A new MINOR version may change anything: the layout of a struct, the value of an enumerator, the parameters of a
 *     function. Programs must then be recompiled. It cannot load the wrong library by mistake: the SONAME
 *     (libclfilter.so.0.1) and the version of every symbol (CLFILTER_0.1) carry MAJOR.MINOR.
 *   - A new PATCH version changes none of these. It may add functions; a program that uses them needs that version.
 *
 * From 1.0 on
 *   - The SONAME and the version of the symbols carry only MAJOR, and within one MAJOR version nothing changes that
 *     a compiled program relies on. Functions and enumerators may be added, but none is removed or renumbered.
 *   - Structs that others contain, that form arrays or that are returned by value keep their layout: clf_view,
 *     clf_array, clf_error, clf_plan_options, clf_device_info, clf_stream_info. If more may be needed, 1.0 reserves
 *     fields, which must be zero.
 *   - A descriptor (clf_..._desc) or another struct that is passed by address may grow, but only at its end. In 1.0
 *     each of these gets a first field, `size_t struct_size`: the size of the struct when the program was compiled.
 *     0 means the layout of MAJOR.0. The library reads and writes nothing beyond struct_size; fields beyond it have
 *     their default, zero. A struct_size larger than the library knows is accepted if all the bytes unknown to it are
 *     zero, and is CLF_UNSUPPORTED otherwise: an option is never silently ignored. A program sets it
 *     (`.struct_size = sizeof(clf_convolve_desc)`) only to use fields added after MAJOR.0.
 *
 * To compile and behave the same with later versions, a program
 *   - starts every struct from zero: `clf_convolve_desc desc = {.src = a, .kernel = k, .dst = b};` or `= {0}`. A field
 *     added later then has its default, which does what the version before it did;
 *   - names the fields it sets, as their order may change;
 *   - treats an unknown enumerator, such as a new clf_status, as "something else", not as impossible.
 */
#ifndef CLFILTER_VERSION_H
#define CLFILTER_VERSION_H

#include <clfilter/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of these headers; clf_version() returns that of the linked library. */
#define CLF_VERSION_MAJOR 0
#define CLF_VERSION_MINOR 1
#define CLF_VERSION_PATCH 0
#define CLF_VERSION_STRING "0.1.0"

/** "MAJOR.MINOR.PATCH" of the linked library. Non-owning: static text. Any thread, any time. */
CLF_API const char *clf_version(void);

#ifdef __cplusplus
}
#endif
#endif

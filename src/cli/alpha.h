/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file alpha.h
 * What becomes of the alpha of an image that is filtered.
 *
 * Separate: colours are filtered as they are stored, and alpha is passed on. Premultiplied: colours are filtered times
 * alpha, in f32, so that what is invisible reaches nothing, and divided by the output's alpha afterwards. Associated
 * alpha, by which a TIFF's colours are multiplied already, is neither multiplied nor divided by.
 */
#ifndef CLFILTER_CLI_ALPHA_H
#define CLFILTER_CLI_ALPHA_H

#include "convert.h"
#include "settings.h"

typedef struct alpha_rule {
    bool premultiplied; /**< false: separate, or there is no alpha */
    bool filtered;      /**< premultiplied alone: alpha is the last plane that is filtered; else it is passed on */
    double offset;      /**< of a filtered alpha: a + offset is filtered, */
    double gain;        /**< and what comes of it, times gain, minus offset, is the output's */
    int power;          /**< which power of alpha the filtered colours are divided by */
    double opaque;      /**< the alpha of what is opaque */
    double invisible;   /**< colours are 0 where alpha is no more: half a step of integers, which rounds to 0 */
    image_step from[2]; /**< where the rows and columns of an alpha that is passed on come from */
} alpha_rule;

/** The rule for an image of which alpha is passed on from the same pixel, and colours are divided by it once. */
alpha_rule alpha_rule_for(const cli_settings *settings, const cli_image *in);

/**
 * Makes the rule filter alpha with `taps` as the colours are, divided by the sum of the taps: what is opaque stays so,
 * beyond a constant border too. Of taps whose sum is 0 alpha is passed on.
 * @param constant  a border reads cval
 */
bool alpha_rule_filter(alpha_rule *rule, const clf_array *taps, bool constant, double cval, cli_error *error);

/**
 * Makes the rule move alpha as the colours are. A constant border is cval in every channel, alpha too, as where pixels
 * are moved as they are stored.
 * @param border  receives what a constant border is of what is moved
 */
bool alpha_rule_move(alpha_rule *rule, bool constant, double cval, double *border, cli_error *error);

/**
 * Makes what is to be filtered of a dense image or a part of one: f32, without alpha as such where that is filtered.
 * `in` may lack data; so does `made` then. `made` is returned with ownership; release with image_free.
 */
bool alpha_prepare(const alpha_rule *rule, const cli_image *in, cli_image *made, cli_error *error);

/** Makes colours and alpha of a dense f32 image or part whose colours, and alpha if the rule says so, are filtered. */
void alpha_finish(const alpha_rule *rule, cli_image *out);

/**
 * What follows a filter that ran whole: alpha passed on from `in` unless it is filtered, colours divided by it, and
 * elements of `dtype`, rounded once. Nothing but the last happens to images without alpha.
 */
bool alpha_convert(const alpha_rule *rule, const cli_image *in, cli_image *out, clf_dtype dtype, cli_error *error);

#endif

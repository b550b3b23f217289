/* SPDX-License-Identifier: Apache-2.0 */
/* alpha.c: colours times alpha before a filter, and divided by it afterwards. */
#include "alpha.h"

#include "base/number.h"

#include <math.h>

/* A sum of taps that is no more of their absolute sum is 0, but for the rounding of the taps. */
static const double nothing = 1e-6;

/* Beyond a constant border of more than this times opaque, an f32 could not hold what is filtered for alpha. */
static const double most_border = 1024;

alpha_rule alpha_rule_for(const cli_settings *settings, const cli_image *in) {
    alpha_rule rule = {.gain = 1, .power = 1, .opaque = 1, .from = {{0, 1}, {0, 1}}};
    rule.premultiplied = !settings->separate_alpha && in->alpha != IMAGE_ALPHA_NONE;
    if (in->array.dtype == CLF_U8 || in->array.dtype == CLF_U16) {
        rule.opaque = in->array.dtype == CLF_U8 ? UINT8_MAX : UINT16_MAX;
        rule.invisible = 0.5;
    }
    return rule;
}

/* The filter's border is `border` where --cval is `cval`. */
static bool check_border(const alpha_rule *rule, double border, double cval, cli_error *error) {
    return !(fabs(border) > most_border * rule->opaque) ||
           cli_misuse(error,
                      "--cval: %s is too far beyond the alpha of IN; expected at most %s either way, or --alpha "
                      "separate",
                      clf_number_general(cval, 6).text,
                      clf_number_general((border == cval ? most_border : sqrt(most_border)) * rule->opaque, 9).text);
}

bool alpha_rule_filter(alpha_rule *rule, const clf_array *taps, bool constant, double cval, cli_error *error) {
    double sum = 0, absolute = 0;
    int64_t count = 1;
    for (int i = 0; i < taps->rank; i++)
        count *= taps->shape[i];
    for (int64_t i = 0; i < count; i++) {
        sum += array_get(taps, i);
        absolute += fabs(array_get(taps, i));
    }
    rule->filtered = rule->premultiplied && fabs(sum) > nothing * absolute;
    if (!rule->filtered)
        return true;
    rule->gain = 1 / sum;
    if (constant && !check_border(rule, cval, cval, error))
        return false;
    rule->offset = constant ? cval - rule->opaque : 0; /* the border reads cval, and that is opaque */
    return true;
}

bool alpha_rule_move(alpha_rule *rule, bool constant, double cval, double *border, cli_error *error) {
    *border = cval;
    rule->filtered = rule->premultiplied;
    if (!rule->premultiplied || !constant)
        return true;
    *border = cval * cval / rule->opaque; /* a colour of cval times an alpha of cval */
    rule->offset = *border - cval;
    return check_border(rule, *border, cval, error);
}

static int64_t pixels_of(const cli_image *image) {
    return image->array.shape[0] * image->array.shape[1];
}

bool alpha_prepare(const alpha_rule *rule, const cli_image *in, cli_image *made, cli_error *error) {
    const int64_t channels = in->array.shape[2], colours = channels - 1;
    cli_image ready = *in;
    ready.array.dtype = CLF_F32;
    if (in->array.data && !image_create(&ready, CLF_F32, in->array.rank, in->array.shape, error))
        return false;
    ready.interleaved = true;
    ready.alpha = rule->filtered ? IMAGE_ALPHA_NONE : in->alpha;
    float *to = ready.array.data;
    for (int64_t i = 0; to && i < pixels_of(in); i++, to += channels) {
        const double alpha = array_get(&in->array, i * channels + colours);
        const double factor = in->alpha == IMAGE_ALPHA_STRAIGHT ? alpha / rule->opaque : 1;
        for (int64_t c = 0; c < colours; c++) /* NaN that is invisible goes too */
            to[c] = factor == 0 ? 0 : (float)(factor * array_get(&in->array, i * channels + c));
        to[colours] = (float)(alpha + rule->offset);
    }
    *made = ready;
    return true;
}

void alpha_finish(const alpha_rule *rule, cli_image *out) {
    const int64_t channels = out->array.shape[2], colours = channels - 1;
    float *pixel = out->array.data;
    for (int64_t i = 0; i < pixels_of(out); i++, pixel += channels) {
        double alpha = (double)pixel[colours], factor = 0;
        if (rule->filtered)
            alpha = alpha * rule->gain - rule->offset;
        pixel[colours] = (float)alpha;
        if (out->alpha != IMAGE_ALPHA_STRAIGHT)
            continue;
        if (alpha > rule->invisible)
            factor = pow(rule->opaque / alpha, rule->power);
        for (int64_t c = 0; c < colours; c++)
            pixel[c] = factor == 0 ? 0 : (float)(factor * (double)pixel[c]);
    }
}

bool alpha_convert(const alpha_rule *rule, const cli_image *in, cli_image *out, clf_dtype dtype, cli_error *error) {
    if (!rule->filtered)
        image_pass_alpha(in, rule->from, out);
    if (rule->premultiplied)
        alpha_finish(rule, out);
    return image_convert(out, dtype, error);
}

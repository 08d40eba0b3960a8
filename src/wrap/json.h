/*
 * Reading JSON, strictly.  json-c builds the tree; a scanner of our own runs
 * first and refuses what json-c would let pass.
 */
#ifndef LATCHKEY_WRAP_JSON_H
#define LATCHKEY_WRAP_JSON_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

#include <stdint.h>

struct json;
struct json_value;

enum json_type {
	JSON_ABSENT,
	JSON_NULL,
	JSON_BOOL,
	/* A number without fraction and exponent that fits int64_t. */
	JSON_INT,
	/* Any other number. */
	JSON_REAL,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/*
 * Parse text, which must be one JSON object (RFC 8259) and nothing else but
 * white space.  Refused: a BOM, NUL bytes and \u0000, invalid UTF-8, lone
 * surrogates, raw control characters in strings, duplicate member names
 * (compared after unescaping, at every level), NaN, Infinity, single quotes,
 * comments, trailing commas, leading zeros, nesting deeper than
 * LIMIT_JSON_DEPTH.
 * Returns 1, 0 for text that is refused, -1 without memory.  The caller frees
 * *json_r by json_free.
 */
MUST_CHECK NONNULL int json_parse_object(struct str text, struct json **json_r);
void json_free(struct json **json);

/* The outermost object. */
MUST_CHECK NONNULL const struct json_value *json_root(const struct json *json);

/* A member by name, NULL where there is none; borrowed. */
MUST_CHECK NONNULL const struct json_value *
json_member(const struct json_value *object, const char *name);
/* Number of members of an object or elements of an array. */
MUST_CHECK NONNULL size_t json_count(const struct json_value *value);
/* An element of an array, NULL past the end; borrowed. */
MUST_CHECK NONNULL const struct json_value *
json_element(const struct json_value *array, size_t index);

/* NULL is JSON_ABSENT. */
MUST_CHECK enum json_type json_type_of(const struct json_value *value);
/* The value must be of the type asked for; strings are borrowed. */
MUST_CHECK NONNULL bool json_bool(const struct json_value *value);
MUST_CHECK NONNULL int64_t json_int(const struct json_value *value);
MUST_CHECK NONNULL struct str json_str(const struct json_value *value);

#endif

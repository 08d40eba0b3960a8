/* Reading JSON, strictly: a scanner over the bytes, then json-c. */
#include "wrap/json.h"

#include "base/limits.h"
#include "wrap/json_scan.h"

#include <assert.h>
#include <limits.h>

/* Two of json-c's names are ours too; here it goes by others. */
#define json_type json_c_type
#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_type
#undef json_bool

/* json-c counts the scalar inside the innermost container too. */
enum { TOKENER_DEPTH = LIMIT_JSON_DEPTH + 1 };

/* json-c has no node for null; this one stands for all of them. */
struct json_value {
	bool is_null;
};

static const struct json_value null_value = { true };

static struct json_object *
build(const char *text, size_t len)
{
	struct json_tokener *tokener = json_tokener_new_ex(TOKENER_DEPTH);
	struct json_object *root;

	if (tokener == NULL)
		return NULL;
	json_tokener_set_flags(tokener,
	    JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, (int)len);
	json_tokener_free(tokener);
	return root;
}

/* Object members in the tree, at every level; depth is bounded by then. */
static size_t
count_members(struct json_object *node)
{
	size_t count = 0;

	if (json_object_is_type(node, json_type_object)) {
		struct json_object_iterator at = json_object_iter_begin(node);
		const struct json_object_iterator end =
		    json_object_iter_end(node);

		for (; !json_object_iter_equal(&at, &end);
		     json_object_iter_next(&at))
			count +=
			    1 + count_members(json_object_iter_peek_value(&at));
	} else if (json_object_is_type(node, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(node); i++)
			count +=
			    count_members(json_object_array_get_idx(node, i));
	}
	return count;
}

int
json_parse_object(struct str text, struct json **json_r)
{
	struct json_object *root = NULL;
	struct json_scan scan;
	char *exact;
	int rc = 0;

	if (text.len == 0 || text.len > INT_MAX / JSON_SCAN_GROWTH)
		return 0;
	exact = calloc(JSON_SCAN_GROWTH, text.len);
	if (exact == NULL)
		return -1;
	if (json_scan_object(text, exact, &scan)) {
		/* The grammar holds by now: only memory can be short. */
		root = build(exact, scan.exact_len);
		rc = root == NULL ? -1 : 1;
	}
	/* json-c keeps the last of several members that share a name. */
	if (rc == 1 && count_members(root) != scan.members)
		rc = 0;
	if (rc == 1)
		*json_r = (struct json *)root;
	else
		json_object_put(root);
	/* Bodies carry passwords. */
	explicit_bzero(exact, text.len * JSON_SCAN_GROWTH);
	free(exact);
	return rc;
}

void
json_free(struct json **json)
{
	json_object_put((struct json_object *)*json);
	*json = NULL;
}

const struct json_value *
json_root(const struct json *json)
{
	return (const struct json_value *)json;
}

/* json-c asks for mutable nodes even where it only reads them. */
static struct json_object *
node_of(const struct json_value *value)
{
	const union {
		const struct json_value *value;
		struct json_object *node;
	} same = { value };

	return same.node;
}

static const struct json_value *
value_of(struct json_object *node)
{
	return node == NULL ? &null_value : (struct json_value *)node;
}

const struct json_value *
json_member(const struct json_value *object, const char *name)
{
	struct json_object *node;

	assert(json_type_of(object) == JSON_OBJECT);
	if (!json_object_object_get_ex(node_of(object), name, &node))
		return NULL;
	return value_of(node);
}

size_t
json_count(const struct json_value *value)
{
	if (json_type_of(value) == JSON_OBJECT)
		return (size_t)json_object_object_length(node_of(value));
	assert(json_type_of(value) == JSON_ARRAY);
	return json_object_array_length(node_of(value));
}

const struct json_value *
json_element(const struct json_value *array, size_t index)
{
	if (index >= json_count(array))
		return NULL;
	assert(json_type_of(array) == JSON_ARRAY);
	return value_of(json_object_array_get_idx(node_of(array), index));
}

enum json_type
json_type_of(const struct json_value *value)
{
	static const enum json_type types[] = {
		[json_type_boolean] = JSON_BOOL,
		[json_type_double] = JSON_REAL,
		[json_type_int] = JSON_INT,
		[json_type_object] = JSON_OBJECT,
		[json_type_array] = JSON_ARRAY,
		[json_type_string] = JSON_STRING,
	};

	if (value == NULL)
		return JSON_ABSENT;
	if (value == &null_value)
		return JSON_NULL;
	return types[json_object_get_type(node_of(value))];
}

bool
json_bool(const struct json_value *value)
{
	assert(json_type_of(value) == JSON_BOOL);
	return json_object_get_boolean(node_of(value)) != 0;
}

int64_t
json_int(const struct json_value *value)
{
	assert(json_type_of(value) == JSON_INT);
	return json_object_get_int64(node_of(value));
}

struct str
json_str(const struct json_value *value)
{
	struct json_object *node = node_of(value);

	assert(json_type_of(value) == JSON_STRING);
	return (struct str){ json_object_get_string(node),
		(size_t)json_object_get_string_len(node) };
}

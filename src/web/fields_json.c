/* From the body's JSON to the operation's struct, by its field table. */
#include "web/fields_internal.h"
#include "wrap/json.h"

static bool
is_of_type(struct filling *filling, const struct json_value *value,
    enum json_type type, const char *message)
{
	if (json_type_of(value) == type)
		return true;
	fields_refuse(filling, "wrong_type", message);
	return false;
}

static enum api_error
fill_text(struct filling *filling, const struct json_value *value,
    struct str *to)
{
	if (!is_of_type(filling, value, JSON_STRING, "This must be a string"))
		return API_OK;
	return fields_put_text(filling, json_str(value), to);
}

static enum api_error
fill_secret(struct filling *filling, const struct json_value *value)
{
	if (!is_of_type(filling, value, JSON_STRING, "This must be a string"))
		return API_OK;
	return fields_put_secret(filling, json_str(value));
}

static void
fill_int(struct filling *filling, const struct json_value *value,
    struct opt_int *to)
{
	if (is_of_type(filling, value, JSON_INT, "This must be a whole number"))
		fields_put_int(filling, json_int(value), to);
}

/* Returns whether there is one. */
static bool
fill_bool(struct filling *filling, const struct json_value *value, bool *to)
{
	if (!is_of_type(filling, value, JSON_BOOL,
	        "This must be true or false"))
		return false;
	*to = json_bool(value);
	return true;
}

static enum api_error
fill_texts(struct filling *filling, const struct json_value *value)
{
	struct texts *to = filling->to;
	enum api_error error = API_OK;

	if (!is_of_type(filling, value, JSON_ARRAY,
	        "This must be an array of strings"))
		return API_OK;
	if (json_count(value) > LIMIT_TEXTS) {
		fields_refuse(filling, "too_many", "These are too many");
		return API_OK;
	}
	to->is_set = true;
	to->count = json_count(value);
	for (size_t i = 0; i < to->count && error == API_OK; i++)
		error =
		    fill_text(filling, json_element(value, i), &to->list[i]);
	return error;
}

static enum api_error
fill_value(struct filling *filling, const struct json_value *value)
{
	struct change_text *text = filling->to;
	struct change_int *number = filling->to;
	struct opt_bool *choice = filling->to;

	switch (filling->field->type) {
	case FIELD_TEXT:
		return fill_text(filling, value, filling->to);
	case FIELD_SECRET:
		return fill_secret(filling, value);
	case FIELD_INT:
		fill_int(filling, value, filling->to);
		break;
	case FIELD_BOOL:
		(void)fill_bool(filling, value, filling->to);
		break;
	case FIELD_OPT_BOOL:
		choice->is_set = fill_bool(filling, value, &choice->value);
		break;
	case FIELD_TEXTS:
		return fill_texts(filling, value);
	case FIELD_CHANGE_TEXT:
		text->is_given = true;
		return fill_text(filling, value, &text->text);
	case FIELD_CHANGE_INT:
		number->is_given = true;
		fill_int(filling, value, &number->number);
		break;
	case FIELD_TYPE__MAX:
		break;
	}
	return API_OK;
}

/* null clears what may be cleared; for all else it is as good as absent. */
static void
fill_null(struct filling *filling)
{
	struct change_text *text = filling->to;
	struct change_int *number = filling->to;

	if (filling->field->is_required)
		fields_refuse(filling, "required", "This is required");
	if (filling->field->type == FIELD_CHANGE_TEXT)
		text->is_given = true;
	if (filling->field->type == FIELD_CHANGE_INT)
		number->is_given = true;
}

static enum api_error
fill(struct filling *filling, const struct json_value *value)
{
	switch (json_type_of(value)) {
	case JSON_ABSENT:
		if (filling->field->is_required)
			fields_refuse(filling, "required", "This is required");
		return API_OK;
	case JSON_NULL:
		fill_null(filling);
		return API_OK;
	case JSON_BOOL:
	case JSON_INT:
	case JSON_REAL:
	case JSON_STRING:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return fill_value(filling, value);
}

static enum api_error
fill_all(struct request *request, const struct json *json, void *input)
{
	const struct field *field = request->operation->fields;
	enum api_error error = API_OK;
	char *start = input;

	for (; field->name != NULL && error == API_OK; field++) {
		struct filling filling = { request, field,
			start + field->offset };

		error =
		    fill(&filling, json_member(json_root(json), field->name));
	}
	return error;
}

enum api_error
fields_fill_json(struct request *request, void *input)
{
	struct str body = request->body;
	struct json *json = NULL;
	enum api_error error;
	int rc;

	if (request->operation->body == BODY_OPTIONAL && body.len == 0)
		body = STR("{}");
	rc = json_parse_object(body, &json);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_MALFORMED_JSON;
	error = fill_all(request, json, input);
	json_free(&json);
	return error;
}

/* From the body's JSON to the operation's struct, by its field table. */
#include "web/fields.h"

#include "base/utf8.h"
#include "wrap/json.h"

/* One value on its way into the struct. */
struct filling {
	struct request *request;
	const struct field *field;
	const struct json_value *value;
	void *to;
};

static void
refuse(struct filling *filling, const char *code, const char *message)
{
	issues_add(&filling->request->issues, filling->field->name, code,
	    message);
}

static enum api_error
fill_text(struct filling *filling)
{
	const struct field *field = filling->field;
	struct str *to = filling->to;
	struct str text;
	int64_t points;

	if (json_type_of(filling->value) != JSON_STRING) {
		refuse(filling, "wrong_type", "This must be a string");
		return API_OK;
	}
	text = json_str(filling->value);
	points = utf8_count(text);
	if (points < field->least)
		refuse(filling, "too_short", "This is too short");
	else if (points > field->most)
		refuse(filling, "too_long", "This is too long");
	else if (field->has_form != NULL && !field->has_form(text))
		refuse(filling, field->code, field->message);
	*to = str_copy(filling->request->arena, text);
	return to->ptr == NULL ? API_UNAVAILABLE : API_OK;
}

static enum api_error
fill_secret(struct filling *filling)
{
	const struct field *field = filling->field;
	struct secret *to = filling->to;
	struct str text;

	if (json_type_of(filling->value) != JSON_STRING) {
		refuse(filling, "wrong_type", "This must be a string");
		return API_OK;
	}
	text = json_str(filling->value);
	if ((int64_t)text.len > field->most)
		refuse(filling, "too_long", "This is too long");
	text = str_copy(filling->request->arena, text);
	*to = (struct secret){ (const unsigned char *)text.ptr, text.len };
	return text.ptr == NULL ? API_UNAVAILABLE : API_OK;
}

static void
fill_int(struct filling *filling)
{
	const struct field *field = filling->field;
	struct opt_int *to = filling->to;
	int64_t number;

	if (json_type_of(filling->value) != JSON_INT) {
		refuse(filling, "wrong_type", "This must be a whole number");
		return;
	}
	number = json_int(filling->value);
	if (number < field->least || number > field->most)
		refuse(filling, "out_of_range", "This number is out of range");
	*to = (struct opt_int){ true, number };
}

static void
fill_bool(struct filling *filling)
{
	bool *to = filling->to;

	if (json_type_of(filling->value) != JSON_BOOL)
		refuse(filling, "wrong_type", "This must be true or false");
	else
		*to = json_bool(filling->value);
}

static enum api_error
fill(struct filling *filling)
{
	const enum json_type type = json_type_of(filling->value);

	if (type == JSON_ABSENT || type == JSON_NULL) {
		if (filling->field->is_required)
			refuse(filling, "required", "This is required");
		return API_OK;
	}
	switch (filling->field->type) {
	case FIELD_TEXT:
		return fill_text(filling);
	case FIELD_SECRET:
		return fill_secret(filling);
	case FIELD_INT:
		fill_int(filling);
		break;
	case FIELD_BOOL:
		fill_bool(filling);
		break;
	case FIELD_TYPE__MAX:
		break;
	}
	return API_OK;
}

static enum api_error
fill_all(struct request *request, const struct json *json, void *input)
{
	const struct field *field = request->operation->fields;
	char *start = input;

	for (; field->name != NULL; field++) {
		struct filling filling = {
			.request = request,
			.field = field,
			.value = json_member(json_root(json), field->name),
			.to = start + field->offset,
		};
		const enum api_error error = fill(&filling);

		if (error != API_OK)
			return error;
	}
	return request->issues.count > 0 ? API_VALIDATION_FAILED : API_OK;
}

enum api_error
fields_parse(struct request *request, void **input_r)
{
	const struct operation *op = request->operation;
	void *input = arena_alloc(request->arena, op->input_size + 1);
	struct json *json = NULL;
	struct str body = request->body;
	enum api_error error;
	int rc;

	if (input == NULL)
		return API_UNAVAILABLE;
	*input_r = input;
	if (op->body == BODY_NONE)
		return API_OK;
	if (op->body == BODY_OPTIONAL && body.len == 0)
		body = STR("{}");
	rc = json_parse_object(body, &json);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_MALFORMED_JSON;
	error = fill_all(request, json, input);
	json_free(&json);
	return error;
}

/* From name and value pairs to the operation's struct, by its field table. */
#include "base/form.h"
#include "web/fields_internal.h"

static void
fill_int(struct filling *filling, struct str text)
{
	int64_t number;

	if (str_to_int64(text, &number) == 1)
		fields_put_int(filling, number, filling->to);
	else
		fields_refuse(filling, "wrong_type",
		    "This must be a whole number");
}

static void
fill_choice(struct filling *filling, struct str text)
{
	struct opt_bool *to = filling->to;

	to->value = str_equal(text, STR("true"));
	to->is_set = to->value || str_equal(text, STR("false"));
	if (!to->is_set)
		fields_refuse(filling, "wrong_type",
		    "This must be true or false");
}

static enum api_error
fill_value(struct filling *filling, struct str text)
{
	switch (filling->field->type) {
	case FIELD_TEXT:
		return fields_put_text(filling, text, filling->to);
	case FIELD_SECRET:
		return fields_put_secret(filling, text);
	case FIELD_INT:
		fill_int(filling, text);
		return API_OK;
	case FIELD_OPT_BOOL:
		fill_choice(filling, text);
		return API_OK;
	case FIELD_BOOL:
	case FIELD_TEXTS:
	case FIELD_CHANGE_TEXT:
	case FIELD_CHANGE_INT:
	case FIELD_TYPE__MAX:
		break;
	}
	return API_INTERNAL_ERROR;
}

static enum api_error
fill(struct filling *filling, struct str encoded)
{
	struct str value;

	switch (form_find(filling->request->arena, encoded,
	    str_from(filling->field->name), &value)) {
	case FORM_FOUND:
		return fill_value(filling, value);
	case FORM_BAD:
		return API_INVALID_REQUEST;
	case FORM_NO_MEMORY:
		return API_UNAVAILABLE;
	case FORM_ABSENT:
		break;
	}
	if (filling->field->is_required)
		fields_refuse(filling, "required", "This is required");
	return API_OK;
}

enum api_error
fields_fill_form(struct request *request, struct str encoded,
    const struct field *fields, void *input)
{
	enum api_error error = API_OK;
	char *start = input;

	for (; fields->name != NULL && error == API_OK; fields++) {
		struct filling filling = { request, fields,
			start + fields->offset };

		error = fill(&filling, encoded);
	}
	return error;
}

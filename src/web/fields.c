/* From a body and a query string to the operation's struct. */
#include "web/fields.h"

#include "base/utf8.h"
#include "web/fields_internal.h"

void
fields_refuse(struct filling *filling, const char *code, const char *message)
{
	issues_add(&filling->request->issues, filling->field->name, code,
	    message);
}

enum api_error
fields_put_text(struct filling *filling, struct str text, struct str *to)
{
	const struct field *field = filling->field;
	const int64_t points = utf8_count(text);

	if (points < field->least)
		fields_refuse(filling, "too_short", "This is too short");
	else if (points > field->most)
		fields_refuse(filling, "too_long", "This is too long");
	else if (field->has_form != NULL && !field->has_form(text))
		fields_refuse(filling, field->code, field->message);
	*to = str_copy(filling->request->arena, text);
	return to->ptr == NULL ? API_UNAVAILABLE : API_OK;
}

enum api_error
fields_put_secret(struct filling *filling, struct str text)
{
	struct secret *to = filling->to;

	if ((int64_t)text.len > filling->field->most)
		fields_refuse(filling, "too_long", "This is too long");
	text = str_copy(filling->request->arena, text);
	*to = (struct secret){ (const unsigned char *)text.ptr, text.len };
	return text.ptr == NULL ? API_UNAVAILABLE : API_OK;
}

void
fields_put_int(struct filling *filling, int64_t number, struct opt_int *to)
{
	if (number < filling->field->least || number > filling->field->most)
		fields_refuse(filling, "out_of_range",
		    "This number is out of range");
	*to = (struct opt_int){ true, number };
}

static enum api_error
parse_body(struct request *request, void *input)
{
	const struct operation *op = request->operation;

	switch (op->body) {
	case BODY_OPTIONAL:
	case BODY_REQUIRED:
		return fields_fill_json(request, input);
	case BODY_FORM:
		return fields_fill_form(request, request->body, op->fields,
		    input);
	case BODY_NONE:
	case BODY_KIND__MAX:
		break;
	}
	return API_OK;
}

enum api_error
fields_parse(struct request *request, void **input_r)
{
	const struct operation *op = request->operation;
	void *input = arena_alloc(request->arena, op->input_size + 1);
	enum api_error error;

	if (input == NULL)
		return API_UNAVAILABLE;
	*input_r = input;
	error = parse_body(request, input);
	if (error == API_OK && op->query != NULL)
		error = fields_fill_form(request,
		    fcgi_param(request->exchange, "QUERY_STRING"), op->query,
		    input);
	if (error != API_OK)
		return error;
	return request->issues.count > 0 ? API_VALIDATION_FAILED : API_OK;
}

/* The endpoint's declaration as JSON and as a list of routes. */
#include "web/endpoint.h"

#include "base/arena.h"
#include "base/jsonw.h"
#include "base/limits.h"
#include "web/guard.h"

static const char *const methods[] = {
	[METHOD_GET] = "GET",
	[METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",
	[METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE",
};

static const char *const auth_kinds[] = {
	[AUTH_NONE] = "none",
	[AUTH_BEARER] = "bearer",
	[AUTH_GENUINE] = "genuine",
	[AUTH_REFRESH] = "refresh",
	[AUTH_CLIENT] = "client",
	[AUTH_MAYBE_CLIENT] = "maybe client",
};

static const char *const body_kinds[] = {
	[BODY_NONE] = "none",
	[BODY_OPTIONAL] = "optional",
	[BODY_REQUIRED] = "required",
	[BODY_FORM] = "form",
};

static const char *const field_types[] = {
	[FIELD_TEXT] = "text",
	[FIELD_SECRET] = "secret",
	[FIELD_INT] = "integer",
	[FIELD_BOOL] = "boolean",
	[FIELD_OPT_BOOL] = "optional boolean",
	[FIELD_TEXTS] = "texts",
	[FIELD_CHANGE_TEXT] = "change of text",
	[FIELD_CHANGE_INT] = "change of integer",
};

const char *
method_name(enum method method)
{
	return methods[method];
}

int
method_parse(struct str name, enum method *method_r)
{
	if (str_equal(name, STR("HEAD")))
		name = STR("GET");
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (!str_equal(name, str_from(methods[i])))
			continue;
		*method_r = (enum method)i;
		return 1;
	}
	return 0;
}

static void
describe_fields(struct jsonw *w, const char *name, const struct field *field)
{
	jsonw_array(w, name);
	for (; field != NULL && field->name != NULL; field++) {
		jsonw_object(w, NULL);
		jsonw_str(w, "name", str_from(field->name));
		jsonw_str(w, "type", str_from(field_types[field->type]));
		jsonw_bool(w, "required", field->is_required);
		jsonw_int(w, "least", field->least);
		jsonw_int(w, "most", field->most);
		jsonw_str(w, "code", str_from(field->code));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
describe_operation(struct jsonw *w, const struct operation *op)
{
	jsonw_object(w, NULL);
	jsonw_str(w, "method", str_from(methods[op->method]));
	jsonw_str(w, "path", str_from(op->path));
	jsonw_str(w, "summary", str_from(op->summary));
	jsonw_str(w, "auth", str_from(auth_kinds[op->auth]));
	jsonw_str(w, "role", str_from(guard_role_name(op->role)));
	jsonw_str(w, "body", str_from(body_kinds[op->body]));
	jsonw_int(w, "success", op->success);
	describe_fields(w, "fields", op->fields);
	describe_fields(w, "query", op->query);
	jsonw_object_end(w);
}

int
endpoint_describe(void)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct buf buf;
	struct jsonw w;
	struct str text;
	int rc;

	if (arena == NULL)
		return -1;
	buf = BUF_IN(arena);
	w = JSONW_INTO(&buf);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "name", str_from(endpoint.name));
	jsonw_str(&w, "summary", str_from(endpoint.summary));
	jsonw_array(&w, "needs");
	for (size_t i = 0; guard_need_name(i) != NULL; i++)
		jsonw_str(&w, NULL, str_from(guard_need_name(i)));
	jsonw_array_end(&w);
	jsonw_bool(&w, "authorizer", endpoint.authorizer != NULL);
	jsonw_array(&w, "operations");
	for (size_t i = 0; i < endpoint.operation_count; i++)
		describe_operation(&w, &endpoint.operations[i]);
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	rc = buf_str(&buf, &text);
	if (rc == 1)
		printf("%.*s\n", STR_ARG(text));
	arena_free(&arena);
	return rc;
}

/* The web server matches prefixes: what stands before an {id}. */
static struct str
prefix_of(const struct operation *op)
{
	const char *parameter = strstr(op->path, "/{");
	struct str prefix = str_from(op->path);

	if (parameter != NULL)
		prefix.len = (size_t)(parameter - op->path);
	return prefix;
}

void
endpoint_print_routes(void)
{
	for (size_t i = 0; i < endpoint.operation_count; i++) {
		const struct str prefix = prefix_of(&endpoint.operations[i]);
		size_t earlier = 0;

		while (!str_equal(prefix_of(&endpoint.operations[earlier]),
		    prefix))
			earlier++;
		if (earlier == i)
			printf("%.*s\n", STR_ARG(prefix));
	}
}

/* A value on its way into an operation's struct, whatever it was written in. */
#ifndef LATCHKEY_WEB_FIELDS_INTERNAL_H
#define LATCHKEY_WEB_FIELDS_INTERNAL_H

#include "base/attrs.h"
#include "base/error.h"
#include "web/request.h"

struct filling {
	struct request *request;
	const struct field *field;
	/* The field's place in the struct. */
	void *to;
};

NONNULL void
fields_refuse(struct filling *filling, const char *code, const char *message);

/*
 * Judge a value by the field and put it in its place; what is wrong becomes
 * an issue.  Texts are copied into the arena.  Return API_OK or
 * API_UNAVAILABLE without memory.
 */
MUST_CHECK NONNULL enum api_error
fields_put_text(struct filling *filling, struct str text, struct str *to);
MUST_CHECK NONNULL enum api_error
fields_put_secret(struct filling *filling, struct str text);
NONNULL void
fields_put_int(struct filling *filling, int64_t number, struct opt_int *to);

/* Fill from request->body or from the query string. */
MUST_CHECK NONNULL enum api_error
fields_fill_json(struct request *request, void *input);
MUST_CHECK NONNULL enum api_error fields_fill_form(struct request *request,
    struct str encoded, const struct field *fields, void *input);

#endif

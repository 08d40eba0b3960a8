/* From the body's JSON to the operation's struct, by its field table. */
#ifndef LATCHKEY_WEB_FIELDS_H
#define LATCHKEY_WEB_FIELDS_H

#include "base/attrs.h"
#include "base/error.h"
#include "web/request.h"

/*
 * Parse request->body into *input_r, a zeroed struct in the arena.  What is
 * wrong with the values is collected in request->issues, all of it at once.
 * Returns API_OK, API_MALFORMED_JSON, API_VALIDATION_FAILED, or
 * API_UNAVAILABLE without memory.
 */
MUST_CHECK NONNULL enum api_error
fields_parse(struct request *request, void **input_r);

#endif

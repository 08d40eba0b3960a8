/* Public errors, from src/errors.def. */
#ifndef LATCHKEY_BASE_ERROR_H
#define LATCHKEY_BASE_ERROR_H

#include "base/attrs.h"

enum api_error {
#define ERROR(name, code, status, title, detail) API_##name,
#include "errors.def"
#undef ERROR
	API_ERROR__MAX,
	/* No error, and in no answer: somebody else goes on with it. */
	API_LATER,
};

/* Constant texts of the table. */
MUST_CHECK const char *api_error_code(enum api_error error);
MUST_CHECK const char *api_error_title(enum api_error error);
MUST_CHECK const char *api_error_detail(enum api_error error);
/* The HTTP status. */
MUST_CHECK int api_error_status(enum api_error error);

#endif

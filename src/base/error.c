/* Public errors, from src/errors.def. */
#include "base/error.h"

static const struct {
	const char *code;
	int status;
	const char *title;
} errors[] = {
#define ERROR(name, code, status, title) [API_##name] = { code, status, title },
#include "errors.def"
#undef ERROR
};

const char *
api_error_code(enum api_error error)
{
	return errors[error].code;
}

const char *
api_error_title(enum api_error error)
{
	return errors[error].title;
}

int
api_error_status(enum api_error error)
{
	return errors[error].status;
}

/* Public errors, from src/errors.def. */
#include "base/error.h"

static const struct {
	const char *code;
	int status;
	const char *title;
	const char *detail;
} errors[] = {
#define ERROR(name, code, status, title, detail) \
	[API_##name] = { code, status, title, detail },
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

const char *
api_error_detail(enum api_error error)
{
	return errors[error].detail;
}

int
api_error_status(enum api_error error)
{
	return errors[error].status;
}

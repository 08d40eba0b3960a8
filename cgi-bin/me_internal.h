/* What /api/users/me asks for, and who answers. */
#ifndef LATCHKEY_CGI_BIN_ME_INTERNAL_H
#define LATCHKEY_CGI_BIN_ME_INTERNAL_H

#include "auth/people.h"

struct reply;
struct request;

struct me_farewell {
	struct secret password;
};

enum api_error
me_handle_read(struct request *request, const void *input, struct reply *reply);
enum api_error me_handle_change(struct request *request, const void *input,
    struct reply *reply);
enum api_error me_handle_delete(struct request *request, const void *input,
    struct reply *reply);

#endif

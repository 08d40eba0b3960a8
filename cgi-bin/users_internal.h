/* What /api/users asks for, and who answers. */
#ifndef LATCHKEY_CGI_BIN_USERS_INTERNAL_H
#define LATCHKEY_CGI_BIN_USERS_INTERNAL_H

#include "auth/account.h"
#include "auth/people.h"
#include "web/request.h"

struct reply;

struct users_new {
	struct registration registration;
	struct texts roles;
};

struct users_roles {
	struct texts roles;
};

enum api_error users_handle_list(struct request *request, const void *input,
    struct reply *reply);
enum api_error users_handle_add(struct request *request, const void *input,
    struct reply *reply);
enum api_error users_handle_read(struct request *request, const void *input,
    struct reply *reply);
enum api_error users_handle_change(struct request *request, const void *input,
    struct reply *reply);
enum api_error users_handle_delete(struct request *request, const void *input,
    struct reply *reply);
enum api_error users_handle_roles(struct request *request, const void *input,
    struct reply *reply);
enum api_error users_handle_sessions(struct request *request, const void *input,
    struct reply *reply);

#endif

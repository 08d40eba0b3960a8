/* Who answers at /api/roles. */
#ifndef LATCHKEY_CGI_BIN_ROLES_INTERNAL_H
#define LATCHKEY_CGI_BIN_ROLES_INTERNAL_H

#include "base/error.h"

struct reply;
struct request;

enum api_error roles_handle_list(struct request *request, const void *input,
    struct reply *reply);
enum api_error roles_handle_add(struct request *request, const void *input,
    struct reply *reply);
enum api_error roles_handle_read(struct request *request, const void *input,
    struct reply *reply);
enum api_error roles_handle_delete(struct request *request, const void *input,
    struct reply *reply);

#endif

/* In place of auth/hashgate.c: hashes take time and change no order. */
#include "auth/hashgate.h"

const struct app_need need_hashing = { .name = "hashing" };

enum api_error
hashgate_make(struct context *context, struct secret password,
    struct str *hash_r)
{
	(void)context;
	(void)password;
	*hash_r = STR("$no$hash");
	return API_OK;
}

enum api_error
hashgate_check(struct context *context, struct secret password,
    struct str stored, bool *is_right_r)
{
	(void)context;
	(void)password;
	(void)stored;
	*is_right_r = true;
	return API_OK;
}

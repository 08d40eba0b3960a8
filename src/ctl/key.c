/* latchkeyctl key init|list. */
#include "auth/keys.h"
#include "auth/keystore.h"
#include "base/clock.h"
#include "ctl/ctl.h"

int
ctl_key_init(struct ctl *ctl)
{
	struct why why;

	if (keys_init(ctl->config, &why) < 0)
		return ctl_fail("%s", why.text);
	return CTL_OK;
}

int
ctl_key_list(struct ctl *ctl)
{
	struct key_list list = { .count = 0 };
	struct why why;

	if (keystore_read(ctl->arena, ctl->config->path_keys, &list, &why) < 0)
		return ctl_fail("%s", why.text);
	printf("%-8s %-43s %-6s %-9s %s\n", "USE", "ID", "ALG", "STATE",
	    "SINCE");
	for (size_t i = 0; i < list.count; i++) {
		const struct key_entry *entry = &list.entries[i];
		char since[CLOCK_TEXT_SIZE];

		clock_format(entry->since_s, since);
		printf("%-8s %-43s %-6s %-9s %s\n", key_kind_name(entry->kind),
		    entry->id, jws_alg_name(entry->alg),
		    key_state_name(entry->state), since);
	}
	return CTL_OK;
}

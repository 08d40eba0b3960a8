/* The commands of the noun user that are in files of their own. */
#ifndef LATCHKEY_CTL_USER_H
#define LATCHKEY_CTL_USER_H

#include "ctl/ctl.h"

extern const struct ctl_option ctl_user_list_options[];
int ctl_user_list(struct ctl *ctl);
int ctl_user_show(struct ctl *ctl);

extern const struct ctl_option ctl_user_roles_options[];
int ctl_user_roles(struct ctl *ctl);

extern const struct ctl_option ctl_user_password_options[];
int ctl_user_password(struct ctl *ctl);

extern const struct ctl_option ctl_user_import_options[];
int ctl_user_import(struct ctl *ctl);

#endif

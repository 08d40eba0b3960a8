# Every task of Latchkey; `make help` lists them.
#
# BUILD=dir    where everything built goes (build, or build/asan)
# SANITIZE=1   AddressSanitizer and UndefinedBehaviorSanitizer
# FAULTS=1     tests can make processes die at named places (base/fault.h)
# CC=clang     the other compiler (give it a BUILD of its own)
# WERROR=      warnings are no errors
# V=1          show every command

# One word per endpoint; NAME is cgi-bin/NAME.c, and cgi-bin/NAME_*.c where
# one file would be too long.
ENDPOINTS = register login refresh logout sessions password me users roles \
	tasks audit weather jwks metadata introspect revoke health gate

# Of the page that `make run` serves, what is behind the gate.
GATED = /private/=gate

# --- What to build with ------------------------------------------------

SHELL = /bin/bash
.SHELLFLAGS = -euo pipefail -c
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

ifeq ($(origin CC),default)
CC = gcc
endif
BUILD ?= build$(if $(SANITIZE),/asan)$(if $(FAULTS),/faults)
WERROR ?= -Werror
export BUILD CC SANITIZE FAULTS

Q = $(if $(V),,@)
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

HARDENING = -fstack-protector-strong -fstack-clash-protection \
	-ftrivial-auto-var-init=zero -fno-common -fPIE

ifneq ($(findstring clang,$(CC)),)
LANGUAGE := $(shell tools/flags clang)
# clang 14 wants to hear twice that a zero is meant.
HARDENING += \
	-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
else
LANGUAGE := $(shell tools/flags gcc)
endif

ifeq ($(shell uname -m),x86_64)
HARDENING += -fcf-protection=full
endif

ifneq ($(SANITIZE),)
MODE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all -U_FORTIFY_SOURCE -DLATCHKEY_SANITIZE=1
else
# Debuggers have tables of their own; these would be memory in each process.
MODE = -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	-fno-asynchronous-unwind-tables
endif
ifneq ($(FAULTS),)
MODE += -DLATCHKEY_FAULTS
endif

INCLUDES = -Isrc -I. -I$(BUILD) -isystem /usr/include/mariadb
COMPILE = $(CC) $(LANGUAGE) $(WERROR) $(INCLUDES) $(MODE) $(HARDENING) \
	-ffunction-sections -fdata-sections $(CFLAGS)
# Sections nobody calls and libraries nobody needs are left out, so that each
# executable carries only what it uses.
LINK = $(CC) $(MODE) -pie -Wl,-z,relro,-z,now,-z,noexecstack \
	-Wl,--gc-sections -Wl,--as-needed $(LDFLAGS)
LIBS = -lfcgi -ljson-c -ljwt -lmariadb -lcrypto -lcrypt -lsodium \
	-lpthread

# --- What is built -----------------------------------------------------

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB = $(BUILD)/liblatchkey.a
LIB_SOURCES = $(wildcard $(addprefix src/,$(addsuffix /*.c,\
	base wrap model auth web)))
CTL_SOURCES = $(wildcard src/ctl/*.c)
UNIT_SOURCES = $(wildcard tests/unit/*.c tests/unit/*/*.c)
MODEL_SOURCES = $(wildcard tests/model/*.c)
ENDPOINT_SOURCES = $(ENDPOINTS:%=cgi-bin/%.c) $(wildcard cgi-bin/*_*.c)
SOURCES = $(LIB_SOURCES) $(CTL_SOURCES) $(ENDPOINT_SOURCES)
MIGRATIONS = $(wildcard schema/*.sql)
# Of every web server that there is a recipe for.
ROUTES = $(patsubst %,$(BUILD)/routes/%.conf,lighttpd nginx apache \
	lighttpd-cgi apache-cgi)

CTL = $(BUILD)/bin/latchkeyctl
ENDPOINT_PROGRAMS = $(ENDPOINTS:%=$(BUILD)/cgi-bin/%.fcgi)
UNIT_TESTS = $(wildcard tests/unit/test_*.c tests/unit/*/test_*.c)
UNIT_PROGRAMS = $(UNIT_TESTS:tests/%.c=$(BUILD)/tests/%)
UNIT_HELPERS = $(filter-out $(UNIT_TESTS),$(UNIT_SOURCES))
# Programs of other people, which have nothing of ours in them.
EXAMPLE_SOURCES = $(wildcard examples/*.c)
EXAMPLE_PROGRAMS = $(EXAMPLE_SOURCES:%.c=$(BUILD)/%)
# Only with FAULTS=1: it plays between the fault points.
MODEL = $(BUILD)/tests/model/rotation
# What is measured beside the endpoints, and what measures them.  Staged from a
# directory of its own, so that no service for people ever has them.
BENCH = $(BUILD)/bench
BENCH_ENDPOINTS = $(patsubst %,$(BENCH)/cgi-bin/%.fcgi,hello hello-select allow)
# One file of what is behind the gate, behind its ceiling.
BENCH_GATED = /private/index.html=allow
BENCH_TOOLS = $(patsubst %,$(BENCH)/bin/%,load raw hash drive ready \
	statements)
BENCH_COPIES = $(BENCH)/bin/latchkeyctl \
	$(ENDPOINTS:%=$(BENCH)/cgi-bin/%.fcgi)
BENCH_SOURCES = $(wildcard bench/*.c)
GENERATED = $(BUILD)/common_passwords.h $(BUILD)/schema_files.h

.PHONY: all
all: $(CTL) $(ENDPOINT_PROGRAMS) $(ROUTES) viewer ## Build everything

$(LIB): $(call objects,$(LIB_SOURCES)) $(BUILD)/members
	@echo "  AR      $@"
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(CTL): $(call objects,$(CTL_SOURCES)) $(LIB)
.SECONDEXPANSION:
$(ENDPOINT_PROGRAMS): $(BUILD)/cgi-bin/%.fcgi: $(BUILD)/obj/cgi-bin/%.o \
	$$(call objects,$$(wildcard cgi-bin/$$*_*.c)) $(LIB)
$(UNIT_PROGRAMS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o \
	$(call objects,$(UNIT_HELPERS)) $(LIB)
$(UNIT_PROGRAMS): LIBS := -lcmocka $(LIBS)
$(MODEL): $(call objects,$(MODEL_SOURCES)) $(LIB)
$(EXAMPLE_PROGRAMS): $(BUILD)/%: $(BUILD)/obj/%.o
$(BENCH_ENDPOINTS): $(BENCH)/cgi-bin/%.fcgi: $(BUILD)/obj/bench/%.o $(LIB)
$(BENCH_TOOLS): $(BENCH)/bin/%: $(BUILD)/obj/bench/%.o \
	$(BUILD)/obj/bench/latency.o $(BUILD)/obj/bench/tool.o \
	$(BUILD)/obj/bench/program.o $(LIB)
# All of the model's, whoever calls them.
$(BENCH)/bin/statements: $(call objects,$(wildcard src/model/*.c))

$(CTL) $(ENDPOINT_PROGRAMS) $(UNIT_PROGRAMS) $(MODEL) $(BENCH_ENDPOINTS) \
    $(BENCH_TOOLS) $(EXAMPLE_PROGRAMS):
	@echo "  LINK    $@"
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(GENERATED)
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call objects,$(SOURCES) $(UNIT_SOURCES) \
	$(EXAMPLE_SOURCES) $(MODEL_SOURCES) $(BENCH_SOURCES)))

# What shows the API's description: the same for every kind of build.
.PHONY: viewer
viewer:
	$(Q)tools/api-docs

# These two change only when their contents do: a new flag compiles anew, a
# source file that went away leaves the library.
stamp = @mkdir -p $(@D); \
	printf '%s\n' '$(strip $(1))' | cmp -s - $@ || \
	printf '%s\n' '$(strip $(1))' >$@

$(BUILD)/flags: FORCE
	$(call stamp,$(COMPILE))
$(BUILD)/members: FORCE
	$(call stamp,$(LIB_SOURCES))
.PHONY: FORCE
FORCE:

$(BUILD)/common_passwords.h: tools/common-passwords
	@echo "  GEN     $@"
	$(Q)mkdir -p $(@D) && tools/common-passwords $@

$(BUILD)/schema_files.h: tools/schema-files $(MIGRATIONS)
	@echo "  GEN     $@"
	$(Q)mkdir -p $(@D) && tools/schema-files $(MIGRATIONS) >$@

$(ROUTES): $(BUILD)/routes/%.conf: tools/routes $(ENDPOINT_PROGRAMS) Makefile
	@echo "  GEN     $@"
	$(Q)mkdir -p $(@D) && tools/routes $* $(GATED) $(ENDPOINT_PROGRAMS) >$@

$(BENCH_COPIES): $(BENCH)/%: $(BUILD)/%
	@mkdir -p $(@D)
	$(Q)ln -f $< $@

$(BENCH)/routes/lighttpd.conf: tools/routes $(BENCH_COPIES) $(BENCH_ENDPOINTS) Makefile
	@echo "  GEN     $@"
	$(Q)mkdir -p $(@D) && \
		tools/routes lighttpd $(GATED) $(BENCH_GATED) $(filter %.fcgi,$^) >$@

.PHONY: examples
examples: $(EXAMPLE_PROGRAMS) ## Build the examples in C

.PHONY: latchkey.conf.example
latchkey.conf.example: $(CTL) ## Write the example of all settings anew
	$(Q)$(CTL) config example >$@

.PHONY: compile_commands.json
compile_commands.json: ## Tell editors and clangd how files are compiled
	@for f in $(SOURCES) $(UNIT_SOURCES); do \
		printf '{"directory":"%s","file":"%s","command":"%s"},\n' \
		    "$(CURDIR)" "$$f" "$(COMPILE) -c $$f"; \
	done | sed '1s/^/[/; $$s/,$$/]/' >$@

# --- Running it --------------------------------------------------------

.PHONY: docs run start stop status dev try
docs: ## Install npm, and what shows the API's description at /docs/
	@tools/api-docs npm
run: deps ## Install what is missing, build, serve until Ctrl-C; TLS=1: https
	@$(MAKE) $(PARALLEL) all
	@exec tools/service run
start: deps ## The same in the background
	@$(MAKE) $(PARALLEL) all
	@exec tools/service start
stop: ## Stop the copy of this STATE (default var)
	@exec tools/service stop
status: ## Say what runs
	@exec tools/service status
dev: deps ## Run, and build and restart whenever a file changes
	@exec tools/dev
try: all ## One plain-CGI request: make try E=login BODY=x.json [GDB=1]
	@exec tools/try "$(E)" "$(BODY)"

.PHONY: deps
deps: ## Install the packages that are missing
	@tools/deps run

# --- Checking it -------------------------------------------------------

.PHONY: test test-servers unit http faults races admin-races model tabs asan layers lint fmt unit-programs \
	bench-programs screenshots lighthouse
test: ## Run every test; T=word runs those whose file or name has it
	@tools/deps run test
	@exec tools/test all
unit: ## Unit tests only
	@exec tools/test unit
http: ## Black-box tests over HTTP only
	@exec tools/test http
faults: ## Rotation in every order, and killed at every step, only
	@exec tools/test faults
test-servers: ## All black-box tests behind nginx, Apache and as plain CGI
	@tools/deps run test
	@exec tools/test servers-all
races: all ## Refresh one token 50 at once: make races [ROUNDS=10000]
	@tools/deps run test
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		exec node tools/races.mjs
admin-races: all ## Two administrators remove each other [ROUNDS=1000]
	@tools/deps run test
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		exec node tools/admin-races.mjs
tabs: all ## Five tabs of one browser refreshing: make tabs [TIME=60]
	@tools/deps run test
	@JOBS=1 TIME=$(or $(TIME),60) T=tests/browser/tabs tools/test http
screenshots: all ## Each state of the page, as pictures in build/screenshots
	@tools/deps run test
	@rm -rf build/screenshots
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		SCREENSHOTS=$(CURDIR)/build/screenshots exec node --test \
		--test-reporter=./tools/test-reporter.mjs tests/browser/{states,docs}.test.mjs
lighthouse: all ## What Lighthouse says of the page; must be 100 each
	@tools/deps run test
	@mkdir -p build/lighthouse
	@cd build/lighthouse && cp ../../tools/lighthouse/package*.json ../../.npmrc . && \
		npm ci >npm.log 2>&1 || { cat npm.log; exit 1; }
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		exec node tools/lighthouse/run.mjs $(CURDIR)/build/lighthouse
asan: ## Unit and black-box tests under the sanitizers only
	@exec tools/test asan-unit asan-http
layers: ## Check that every file includes only what it may
	@tools/layers
lint: $(GENERATED) ## Check style, sizes and suspicious code
	@CPPFLAGS="$(INCLUDES)" tools/lint $(STAGE)
fmt: ## Lay out every C file as .clang-format says
	$(Q)clang-format -i $(wildcard src/*/*.[ch] cgi-bin/*.[ch] \
		tests/unit/*.[ch] tests/unit/*/*.[ch] tests/model/*.[ch] \
		examples/*.c bench/*.[ch])
unit-programs: $(UNIT_PROGRAMS)
bench-programs: $(BENCH)/routes/lighttpd.conf $(BENCH_TOOLS)
model: $(MODEL)
print-unit-programs:
	@printf '%s\n' $(UNIT_PROGRAMS)

# --- Measuring it ------------------------------------------------------

.PHONY: bench bench-scale bench-peer soak counts
bench-scale: bench-programs ## With more and more people: [SIZES=10000,1000000]
	@tools/deps run test
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		BUILD=$(BENCH) exec node bench/scale.mjs
bench-peer: bench-programs all ## Beside a service with fastify: [E=refresh]
	@tools/deps run test bench
	@mkdir -p $(BENCH)/peer
	@cd $(BENCH)/peer && cp $(CURDIR)/bench/peer/* $(CURDIR)/.npmrc . && \
		npm ci >npm.log 2>&1 || { cat npm.log; exit 1; }
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		BUILD=$(BENCH) SERVED=$(BUILD) exec node bench/peer.mjs
soak: bench-programs all ## Memory after an hour of load: make soak [TIME=3600]
	@tools/deps run test bench
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		BUILD=$(BENCH) SERVED=$(BUILD) exec node bench/soak.mjs
counts: bench-programs ## Record how many instructions a request takes
	@tools/deps run test
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		BUILD=$(BENCH) exec node bench/counts.mjs
bench: bench-programs all ## Figures beside their ceilings: make bench [E=refresh]
	@tools/deps run test bench
	@PATH="$$(echo $(CURDIR)/node_modules/node-linux-*/bin):$$PATH" \
		BUILD=$(BENCH) SERVED=$(BUILD) exec node bench/run.mjs

.PHONY: clean help print-unit-programs
clean: ## Remove what was built; STATE stays
	$(Q)rm -rf build
help: ## Show this list
	@sed -n 's/^\([a-z.-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(firstword \
		$(MAKEFILE_LIST)) | while IFS='|' read -r name text; do \
		printf '%-28s %s\n' "$$name" "$$text"; done

# SPDX-License-Identifier: Apache-2.0
# Which objects does a fuzz target need? The pure rooms, the engine and the target, built with clang's sanitizers.
CLANG ?= clang
OUT   := build/fuzz
ROOMS := base decode attrib profile contract detect alert config engine sink
CORE  := $(foreach room,$(ROOMS),$(wildcard user/$(room)/*.c))
NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FLAGS := -std=gnu17 -g -O1 -D_GNU_SOURCE -DPST_VERSION='"fuzz"' -DPST_SYSCONFDIR='"/etc"' -Iuser -Ibpf -Itests \
	-fno-omit-frame-pointer -fno-sanitize-recover=all

.SECONDARY:
all: $(NAMES:%=$(OUT)/%)

$(OUT)/core/%.o: %.c
	@mkdir -p $(@D)
	@$(CLANG) $(FLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c $< -o $@

# an archive: a target links only what it reaches
$(OUT)/libcore.a: $(CORE:%.c=$(OUT)/core/%.o)
	@rm -f $@ && $(AR) rcsD $@ $^

$(OUT)/%: tests/fuzz/fuzz_%.c $(OUT)/libcore.a
	@$(CLANG) $(FLAGS) -fsanitize=fuzzer,address,undefined -MMD -MP -MF $@.d $< $(OUT)/libcore.a -lcjson -lcrypto -lm -o $@

-include $(CORE:%.c=$(OUT)/core/%.d) $(NAMES:%=$(OUT)/%.d)

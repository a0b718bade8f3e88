# SPDX-License-Identifier: Apache-2.0
# postern: `make` builds build/postern; `make check` runs all tests; `make help` lists the rest.
VERSION  := 0.1.0
ifeq ($(origin CC),default)
CC       := gcc
endif
CLANG    ?= clang
BPFTOOL  ?= $(firstword $(wildcard /usr/sbin/bpftool /sbin/bpftool) bpftool)
PREFIX   ?= /usr
DESTDIR  ?=
SYSCONFDIR ?= /etc
V        ?= 0
Q        := $(if $(filter 1,$(V)),,@)
say       = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)')

B        := build
ARCH     := $(shell uname -m)
BPF_ARCH := $(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(patsubst ppc64le,powerpc,$(patsubst s390x,s390,$(ARCH)))))
# where the C library keeps what belongs to the architecture, whatever the compiler calls it
ARCH_INC := $(firstword $(wildcard /usr/include/$(ARCH)-linux-gnu*))

CORE_ROOMS := base decode attrib profile contract detect alert
IO_ROOMS   := config sink ctl engine sensor cli
CORE_SRC := $(sort $(foreach r,$(CORE_ROOMS),$(wildcard user/$(r)/*.c)))
IO_SRC   := $(sort $(foreach r,$(IO_ROOMS),$(wildcard user/$(r)/*.c)))
BPF_SRC  := $(sort $(wildcard bpf/*.bpf.c))
CORE_OBJ := $(CORE_SRC:%.c=$B/%.o)
IO_OBJ   := $(IO_SRC:%.c=$B/%.o)
BPF_OBJ  := $(BPF_SRC:%.c=$B/%.o)

WARN     := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Werror
HARDEN   := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE -fcf-protection
ifneq ($(ARCH),x86_64)
HARDEN   := $(filter-out -fcf-protection,$(HARDEN))
endif
CPPFLAGS += -D_GNU_SOURCE -DPST_VERSION='"$(VERSION)"' -DPST_SYSCONFDIR='"$(SYSCONFDIR)"' -Iuser
CFLAGS   += -std=gnu17 -g $(WARN)
DEPFLAGS  = -MMD -MP
LDFLAGS  += -pie -Wl,-z,relro,-z,now,-z,noexecstack
CORE_LIBS := -lcjson -lcrypto -lm
LIBS     := -lbpf -lelf -lz $(CORE_LIBS)
BPFFLAGS := -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_$(BPF_ARCH) -Ibpf $(addprefix -isystem ,$(ARCH_INC)) \
            -Wall -Wextra -Wshadow -Werror -Wno-missing-declarations -Wno-unused-parameter
SAN      := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

SENSOR_OBJ := $(filter $B/user/sensor/%,$(IO_OBJ))
KERNEL_OBJ := $(patsubst %.c,$B/%.o,$(sort $(wildcard tests/kernel/*.c)))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$B/unit/%)
SAN_ROOMS := $(CORE_ROOMS) config sink ctl engine
SAN_SRC  := $(sort $(foreach r,$(SAN_ROOMS),$(wildcard user/$(r)/*.c)) user/sensor/hung.c user/sensor/questions.c)
SAN_OBJ  := $(SAN_SRC:%.c=$B/san/%.o)

.PHONY: all check check-long unit bench clean install uninstall help $(addprefix check-,arch unit replay schema kernel vm fuzz install)
.DELETE_ON_ERROR:
.SECONDARY:

all: $B/postern

help:
	@echo "make            build/postern                make unit       unit tests under ASan and UBSan"
	@echo "make check      every test, half an hour     make check-long PART=load|kernels|fuzz|software"
	@echo "make bench      measurements, minutes        make install DESTDIR= PREFIX=/usr SYSCONFDIR=/etc"
	@echo "make V=1        show the commands            make CC=clang   build user space with clang"

# What a compiler or its flags made must be made anew when they change.
$B/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(CLANG) $(BPFFLAGS)' | cmp -s - $@ || \
		echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(CLANG) $(BPFFLAGS)' > $@
FORCE:

$B/bpf/%.bpf.o: bpf/%.bpf.c $B/flags
	$(call say,BPF,$<)
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPFFLAGS) $(DEPFLAGS) -MF $(@:.o=.d) -c $< -o $@

$B/postern.bpf.o: $(BPF_OBJ)
	$(call say,LINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

$B/postern.skel.h: $B/postern.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name postern_bpf > $@

$B/user/sensor/%.o: CPPFLAGS += -Ibpf -I$B
$B/user/decode/%.o: CPPFLAGS += -Ibpf
$B/san/user/decode/%.o $B/san/user/sensor/%.o: CPPFLAGS += -Ibpf
$B/user/sensor/%.o: user/sensor/%.c $B/flags $B/postern.skel.h
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(DEPFLAGS) -c $< -o $@

$B/user/%.o: user/%.c $B/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(DEPFLAGS) -c $< -o $@

$B/libcore.a: $(CORE_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

$B/postern: $(IO_OBJ) $B/libcore.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(IO_OBJ) $B/libcore.a $(LIBS) -o $@

$B/tests/kernel/%.o: tests/kernel/%.c $B/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(DEPFLAGS) -c $< -o $@

$B/kernel_test: $(KERNEL_OBJ) $(SENSOR_OBJ) $B/libcore.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$B/san/%.o: %.c $B/flags
	$(call say,SAN,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(SAN) $(DEPFLAGS) -c $< -o $@

# an archive: a test links only what it reaches
$B/san/libcore.a: $(SAN_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

$B/unit/%: tests/unit/%.c $B/san/libcore.a
	$(call say,UNIT,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Ibpf -Itests $(CFLAGS) $(SAN) $(DEPFLAGS) -MF $@.d $< $B/san/libcore.a $(CORE_LIBS) -lz -lcmocka -o $@

unit: $(UNIT_BIN)
	$(Q)tests/unit/run

# static: they run in machines that have nothing but a kernel
TRAFFIC_OBJ := $(patsubst %.c,$B/%.o,$(sort $(wildcard tests/accuracy/*.c))) $B/tests/zoo/ring.o
ZOO_OBJ := $(patsubst %.c,$B/%.o,$(sort $(wildcard tests/zoo/*.c)))
$B/tests/zoo/%.o: tests/zoo/%.c $B/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -O1 $(DEPFLAGS) -c $< -o $@
$B/tests/accuracy/%.o: tests/accuracy/%.c $B/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -O1 $(DEPFLAGS) -c $< -o $@
$B/zoo: $(ZOO_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) -static $^ -o $@
$B/traffic: $(TRAFFIC_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) -static $^ -o $@
ACTORS := $B/zoo $B/traffic

check: all $B/kernel_test $(UNIT_BIN) $(ACTORS)
	$(Q)tests/check

check-%: all $B/kernel_test $(UNIT_BIN) $(ACTORS)
	$(Q)tests/check $*

check-long: all
	$(Q)tests/check-long $(PART)

BENCH_OBJ := $(filter $B/user/engine/% $B/user/config/% $B/user/sink/%,$(IO_OBJ))
BENCHES  := $(patsubst tests/bench/%.c,$B/bench_%,$(filter-out tests/bench/loads.c,$(sort $(wildcard tests/bench/*.c))))
$(BENCHES): $B/bench_%: tests/bench/%.c $(BENCH_OBJ) $B/libcore.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) -Ibpf $(CFLAGS) $(HARDEN) $(LDFLAGS) $^ $(CORE_LIBS) -lz -o $@

bench: all $(BENCHES)
	$(Q)for one in $(BENCHES); do $$one; done
	$(Q)tests/bench/run
	$(Q)tests/bench/cost

install: all
	$(Q)install -D -m 0755 $B/postern '$(DESTDIR)$(PREFIX)/sbin/postern'
	$(Q)install -d -m 0755 '$(DESTDIR)$(SYSCONFDIR)/postern/contracts.d' '$(DESTDIR)$(SYSCONFDIR)/postern/keys.d'
	$(Q)install -D -m 0644 README.md '$(DESTDIR)$(PREFIX)/share/doc/postern/README.md'
	$(Q)install -D -m 0644 LICENSE '$(DESTDIR)$(PREFIX)/share/doc/postern/LICENSE'
	$(Q)install -D -m 0644 scripts/siem/postern.schema.json '$(DESTDIR)$(PREFIX)/share/postern/schema/postern.schema.json'

uninstall:
	$(Q)rm -f '$(DESTDIR)$(PREFIX)/sbin/postern'
	$(Q)rm -rf '$(DESTDIR)$(PREFIX)/share/doc/postern' '$(DESTDIR)$(PREFIX)/share/postern'
	$(Q)rmdir --ignore-fail-on-non-empty '$(DESTDIR)$(SYSCONFDIR)/postern/contracts.d' '$(DESTDIR)$(SYSCONFDIR)/postern/keys.d' '$(DESTDIR)$(SYSCONFDIR)/postern' 2>/dev/null || true

clean:
	$(Q)rm -rf $B

-include $(CORE_OBJ:.o=.d) $(IO_OBJ:.o=.d) $(BPF_OBJ:.o=.d) $(SAN_OBJ:.o=.d) $(UNIT_BIN:=.d) $(KERNEL_OBJ:.o=.d)

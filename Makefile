# fairlead: build, try, test, measure, install. A bare `make` lists the targets.
ARCH ?=
DESTDIR ?=
CNI_BIN_DIR ?= /opt/cni/bin
CNI_CONF_DIR ?= /etc/cni/net.d
INSTALL ?=

known = $(patsubst amd64,x64,$(patsubst aarch64,arm64,$(patsubst x86_64,x64,$(1))))
MACHINE := $(call known,$(shell uname -m))
TARGET := $(call known,$(or $(ARCH),$(MACHINE)))
NODE := node_modules/node-linux-$(MACHINE)/bin/node
# The pinned Node.js runs everything, whatever the machine brings.
export PATH := $(CURDIR)/node_modules/node-linux-$(MACHINE)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
SOURCES := $(shell find lib plugins scripts -name '*.ts' 2>/dev/null) package.json package-lock.json

# Which build of the plugins the tests are for: that for Node.js, or the native one.
ENGINE ?= node
ifeq ($(ENGINE),native)
export FAIRLEAD_BIN := $(CURDIR)/dist/native/bin
endif
BUILT := $(if $(filter native,$(ENGINE)),native,build)

# Extended regular expressions, by which of the test files those are taken whose names match one, or do not match the other.
ONLY ?= .
EXCEPT ?= ^$$
tests = $(NODE) test/run.ts $(2) $$(find $(1) -name '*.test.ts' | sort | grep -E '$(ONLY)' | grep -vE '$(EXCEPT)')

.PHONY: help build native demo test lint unit net interop e2e vm bench dist image install clean format generate

help:
	@echo 'make build     dist/fairlead and dist/bin/<plugin> (ARCH=arm64 packs for another machine)'
	@echo 'make native    dist/native/fairlead and dist/native/bin/<plugin>: the plugins, compiled (ARCH=arm64 for another machine)'
	@echo 'make demo      two containers on a bridge network, on a host of their own'
	@echo 'make test      lint, unit and net'
	@echo 'make unit      tests without a kernel'
	@echo 'make net       tests in network namespaces (root); ENGINE=native: of the native plugins, as of e2e; ONLY=PATTERN, EXCEPT=PATTERN'
	@echo 'make interop   tests with the Go reference plugins (root, go)'
	@echo 'make e2e       tests with podman, containerd and nerdctl (root, go)'
	@echo 'make vm        tests on a kernel of their own, in virtual machines (root, go)'
	@echo 'make bench     speed and size of both builds beside the Go reference plugins (root, go)'
	@echo 'make dist      tarballs and Debian packages of both builds for amd64 and arm64, in dist/release'
	@echo 'make image     a container image that puts fairlead on a node of Kubernetes (root)'
	@echo 'make install   into $$(DESTDIR)$$(CNI_BIN_DIR), and a first network where there is none; native plugins where they were built'
	@echo 'make clean     remove what was built'

node_modules/.installed: package.json package-lock.json scripts/packages.sh
	scripts/packages.sh build
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build: dist/$(if $(filter-out $(MACHINE),$(TARGET)),$(TARGET)/)fairlead

dist/fairlead: $(SOURCES) node_modules/.installed
	$(NODE) scripts/build.ts $(MACHINE)

dist/arm64/fairlead dist/x64/fairlead: $(SOURCES) node_modules/.installed
	scripts/packages.sh cross
	$(NODE) scripts/build.ts $(TARGET)

NATIVE := dist/$(if $(filter-out $(MACHINE),$(TARGET)),$(TARGET)/)native/fairlead
# Another copy of QuickJS-ng's sources may be named.
QJS_SRC ?= build/quickjs/usr/src/quickjs-ng
export QJS_SRC

native: build $(NATIVE)

$(NATIVE): $(SOURCES) $(wildcard native/*) $(QJS_SRC)/quickjs.c
	scripts/packages.sh native$(if $(filter-out $(MACHINE),$(TARGET)),-cross)
	$(NODE) scripts/native.ts $(TARGET)

build/quickjs/usr/src/quickjs-ng/quickjs.c:
	scripts/other-release.sh trixie-backports qjs-src build/quickjs

demo: node_modules/.installed
	scripts/packages.sh net
	$(MAKE) --no-print-directory build
	$(NODE) scripts/demo.ts

test: lint unit net

lint: node_modules/.installed
	biome check .
	tsc -p tsconfig.json
	tsc -p tsconfig.core.json

unit: node_modules/.installed
	$(call tests,test/unit)

net: node_modules/.installed
	scripts/packages.sh net
	$(MAKE) --no-print-directory $(BUILT)
	# They wait more than they work: one more than there are processors.
	$(call tests,test/net $(if $(filter native,$(ENGINE)),test/native),--jobs $$(($$(nproc) + 1)))

interop: node_modules/.installed
	scripts/packages.sh net
	$(MAKE) --no-print-directory build
	$(NODE) test/bench/peer.ts
	$(call tests,test/interop)

e2e: node_modules/.installed build/containerd/usr/bin/containerd
	scripts/packages.sh net
	scripts/packages.sh e2e
	$(MAKE) --no-print-directory native
	$(NODE) scripts/dist.ts $(MACHINE)
	$(NODE) test/e2e/program.ts
	$(call tests,test/e2e,--jobs 1)

# A newer containerd than the release of Debian has, beside it.
build/containerd/usr/bin/containerd: scripts/other-release.sh
	scripts/other-release.sh sid containerd build/containerd
	@touch $@

vm: node_modules/.installed build/vm/vmlinux
	scripts/packages.sh net
	$(MAKE) --no-print-directory native
	$(NODE) test/bench/peer.ts
	$(NODE) test/vm/main.ts

build/vm/vmlinux: test/vm/guest/fetch.sh test/vm/guest/init
	scripts/packages.sh vm
	test/vm/guest/fetch.sh
	@touch $@

bench: node_modules/.installed
	scripts/packages.sh net
	scripts/packages.sh bench
	$(if $(findstring --short,$(BENCH)),,scripts/packages.sh e2e)
	$(MAKE) --no-print-directory native
	$(NODE) test/bench/main.ts $(BENCH)

dist: native
	$(MAKE) --no-print-directory native ARCH=$(if $(filter x64,$(MACHINE)),arm64,amd64)
	$(NODE) scripts/dist.ts

image: native
	scripts/packages.sh image
	buildah build --isolation chroot --tag fairlead:$$($(NODE) -p 'require("./package.json").version') $$(scripts/image.sh)

# INSTALL has more options of "fairlead install", such as --replace. Native plugins are taken where they were built before, and
# are brought up to date: what they are built with need not be on every machine.
install: build $(wildcard $(NATIVE))
	dist/fairlead install --cni-bin-dir $(DESTDIR)$(CNI_BIN_DIR) --conf-dir $(DESTDIR)$(CNI_CONF_DIR) $(INSTALL)
	# An example becomes the host's network only where there is none: the first file by name wins.
	install -d $(DESTDIR)$(CNI_CONF_DIR)
	ls $(DESTDIR)$(CNI_CONF_DIR)/*.conf* $(DESTDIR)$(CNI_CONF_DIR)/*.json >/dev/null 2>&1 || \
	  install -m 644 conf/10-bridge.conflist $(DESTDIR)$(CNI_CONF_DIR)/

# The code of etcd's messages and the JSON Schemas are in the repository; tests tell when they are not what this makes.
generate: node_modules/.installed
	cd lib/agent/etcd && buf generate
	$(NODE) scripts/schemas.ts

format: node_modules/.installed
	biome check --write .

clean:
	rm -rf dist build .tap bench.json

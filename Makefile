# Hotlight. `make run` and `make test` are all a newcomer needs; they install missing Debian packages and build.

SHELL     := /bin/bash
GO        ?= go
TAGS      := migrated_fynedo
OUT       := out
SCREENS   ?= $(OUT)/screenshots
FUZZTIME  ?= 60s
VERSION   := $(shell sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)
LDFLAGS   := -X hotlight/app/cli.Version=$(VERSION)

.PHONY: run test lint fuzz soak bench build nogui cross deps clean

run: deps build            ## the main job on the built-in phantom, then the workstation (pictures where there is no display)
	./scripts/run.sh $(SCREENS)

test: deps cross           ## every test, with the race detector, under a virtual display; the static command line for three systems
	./scripts/test.sh

build: $(OUT)/hotlight $(OUT)/hotlightd

.PHONY: $(OUT)/hotlight $(OUT)/hotlightd
$(OUT)/hotlight:
	$(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./app
$(OUT)/hotlightd:
	CGO_ENABLED=0 $(GO) build -ldflags '$(LDFLAGS)' -o $@ ./sync/cmd/hotlightd

nogui:                     ## the command line alone: static, no window
	CGO_ENABLED=0 $(GO) build -tags nogui -ldflags '$(LDFLAGS)' -o $(OUT)/hotlight-nogui ./app

cross:                     ## the static command line for Linux, Windows and macOS
	for target in linux/amd64 linux/arm64 windows/amd64 darwin/arm64; do \
	  CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) build -tags nogui -o /dev/null ./app && \
	  CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) build -o /dev/null ./sync/cmd/hotlightd && echo "builds for $$target" || exit 1; done

lint:                      ## gofmt, vet, staticcheck, tidy, licences
	./scripts/lint.sh

fuzz: deps                 ## every fuzz target for FUZZTIME (60s)
	./scripts/fuzz.sh $(FUZZTIME)

soak: deps                 ## long campaigns: 200 kills, all mutants, long laws
	HOTLIGHT_SOAK=1 $(GO) test -tags $(TAGS) -timeout 60m -count=1 ./...

bench: deps                ## speed and memory beside the peers that are installed
	./scripts/bench.sh

deps:
	@./scripts/deps.sh

clean:
	rm -rf $(OUT)

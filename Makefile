# What a person types. 'make' alone lists the targets.
#
#   PREFIX    where libllama is looked for and installed, and where 'make install' puts millm (default /usr/local)
#   ARGS      options for the daemon (run), or for 'swift test' (test, tsan, asan), such as ARGS='--filter YAMLTests'

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
ARGS ?=
export PREFIX
export PKG_CONFIG_PATH := $(PREFIX)/lib/pkgconfig$(if $(PKG_CONFIG_PATH),:$(PKG_CONFIG_PATH))

# Warnings stop the project's own checks, never a user's build. Tests and checks share one build, so they agree in this.
check test fire tsan asan: export MILLM_WARNINGS_AS_ERRORS ?= 1
test fire tsan asan: export FOR_TESTS := 1

# Expanded only in recipes, when libllama is there: where it is, and what makes the loader find it there.
# Make before 4.4 does not export variables to its shell function.
llama_folder = $(shell PKG_CONFIG_PATH='$(PKG_CONFIG_PATH)' pkg-config --variable=libdir llama)
loader_knows = $(shell PATH="$$PATH:/sbin:/usr/sbin" ldconfig -p | grep -F ' => $(llama_folder)/libllama.so')
link_flags = $(if $(loader_knows),,-Xlinker -rpath -Xlinker $(llama_folder))

# The Swift runtime goes into the products: they start faster, and run where there is no Swift.
release_flags = -c release --static-swift-stdlib $(link_flags)
formatted := Package.swift Sources Tests Benchmarks

# All tests are Swift Testing's. Without this, an empty XCTest run says "0 tests", and leaks under the address sanitizer.
# One test after the other: on a machine with two processors, tests that compute would make others miss their deadlines.
test_flags = --disable-xctest --no-parallel $(link_flags) $(ARGS)

.PHONY: help bootstrap build run test fire bench-reload schemathesis load check reference fuzz bench-yaml format tsan asan install uninstall clean

help: ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

bootstrap: ## Installs what is missing: system packages, libllama, the default model
	@scripts/bootstrap

build: bootstrap ## Builds millm and millmd in release mode, into .build/release
	swift build $(release_flags) --product millm
	swift build $(release_flags) --product millmd

run: build ## Serves the default model and profiles/ on 127.0.0.1:8000
	@exec scripts/run $(ARGS)

test: bootstrap ## Runs all tests
	swift build --build-tests $(link_flags)
	@scripts/run-tests --skip-build $(test_flags)

fire: export MILLM_FIRE := 1
fire: bootstrap ## Runs the tests under fire in full: saves, kills, faults, races (about half an hour)
	swift build --build-tests $(link_flags)
	@scripts/run-tests --skip-build --filter UnderFireTests $(test_flags)

schemathesis: build ## Throws requests made from the API's description at a running daemon; options in ARGS
	@scripts/api-tests/schemathesis $(ARGS)

load: build ## Loads a running daemon with 3 × 10 000 mixed requests, and measures it; options in ARGS
	@scripts/api-tests/load $(ARGS)

bench-reload: export MILLM_BENCHMARKS := 1
bench-reload: bootstrap ## Times rename to applied, 10 to 100 000 profiles, beside watchfiles with PyYAML (half an hour)
	swift build -c release $(link_flags) --scratch-path .build-benchmarks --product reload-benchmark
	python3 -m pip install -q --target .build-benchmarks/python watchfiles PyYAML numpy
	PYTHONPATH=.build-benchmarks/python .build-benchmarks/release/reload-benchmark --python "$$(command -v python3)" $(ARGS)

check: bootstrap ## Checks the format, and that everything builds without a warning
	swift format lint --strict --parallel --recursive $(formatted)
	if command -v shellcheck >/dev/null; then shellcheck --external-sources scripts/bootstrap scripts/run scripts/run-tests scripts/fuzz scripts/api-tests/{python,with-daemon,schemathesis,load} .ci/run; fi
	swift build --build-tests $(link_flags)

reference: export MILLM_WRITE_REFERENCE := 1
reference: bootstrap ## Writes the documentation's page of findings anew, from their table
	swift test $(link_flags) --disable-xctest --filter DiagnosticReferenceTests

fuzz: bootstrap ## Looks for files that break reading, editing or migrating, for DURATION=1200 seconds
	scripts/fuzz

bench-yaml: export MILLM_BENCHMARKS := 1
bench-yaml: bootstrap ## Compares the reading of profiles with Yams, PyYAML and libyaml; times the slowest verdicts
	swift build $(release_flags) --scratch-path .build-benchmarks --product yaml-benchmark
	swift build $(release_flags) --scratch-path .build-benchmarks --product yams-benchmark
	python3 Benchmarks/YAML/compare.py .build-benchmarks/release
	.build-benchmarks/release/yaml-benchmark verdicts Tests/ProfilesTests/Fixtures/bad Tests/ProfilesTests/Fixtures/good

format: ## Formats the sources in place
	swift format --in-place --parallel --recursive $(formatted)

tsan: export TSAN_OPTIONS = suppressions=$(CURDIR)/scripts/tsan-suppressions
tsan: bootstrap ## Runs the tests under the thread sanitizer
	@scripts/run-tests --sanitize thread --scratch-path .build-tsan $(test_flags)

# The leak checker fails under strace, and tells of the test harness's channels.
asan: export ASAN_OPTIONS = detect_leaks=0
asan: bootstrap ## Runs the tests under the address sanitizer
	@scripts/run-tests --sanitize address --scratch-path .build-asan $(test_flags)

# Where things go, below DESTDIR. Completions and pages come from the program itself.
bindir ?= $(PREFIX)/bin
datadir ?= $(PREFIX)/share
mandir ?= $(datadir)/man
bash_completions ?= $(datadir)/bash-completion/completions
zsh_completions ?= $(datadir)/zsh/site-functions
fish_completions ?= $(datadir)/fish/vendor_completions.d
built ?= .build/release
shipped_sae := saes/smollm2-135m-instruct-l15
# The day of the last commit, so that the same sources give the same pages.
manual_date = $(shell git log -1 --format=%cs 2>/dev/null || date -u +%F)

install: ## Installs what 'make build' built, with templates, SAE, completions and manual, under DESTDIR and PREFIX
	@test -x "$(built)/millm" -a -x "$(built)/millmd" || { echo "Nothing is built yet; run 'make build' first." >&2; exit 1; }
	install -d "$(DESTDIR)$(bindir)" "$(DESTDIR)$(datadir)/millm/templates" "$(DESTDIR)$(datadir)/millm/$(shipped_sae)" \
	    "$(DESTDIR)$(mandir)/man1" "$(DESTDIR)$(bash_completions)" "$(DESTDIR)$(zsh_completions)" "$(DESTDIR)$(fish_completions)"
	install -m 755 "$(built)/millm" "$(built)/millmd" "$(DESTDIR)$(bindir)"
	install -m 644 Templates/* "$(DESTDIR)$(datadir)/millm/templates"
	install -m 644 $(shipped_sae)/* "$(DESTDIR)$(datadir)/millm/$(shipped_sae)"
	"$(built)/millm" manual --quiet --date "$(manual_date)" "$(DESTDIR)$(mandir)/man1"
	"$(built)/millmd" --experimental-dump-help | "$(built)/millm" manual --quiet --date "$(manual_date)" --from - "$(DESTDIR)$(mandir)/man1"
	for program in millm millmd; do \
	    "$(built)/$$program" --generate-completion-script bash > "$(DESTDIR)$(bash_completions)/$$program"; \
	    "$(built)/$$program" --generate-completion-script zsh > "$(DESTDIR)$(zsh_completions)/_$$program"; \
	    "$(built)/$$program" --generate-completion-script fish > "$(DESTDIR)$(fish_completions)/$$program.fish"; \
	done

uninstall: ## Removes what 'make install' installed
	rm -f "$(DESTDIR)$(bindir)/millm" "$(DESTDIR)$(bindir)/millmd" "$(DESTDIR)$(mandir)/man1/millm.1" \
	    "$(DESTDIR)$(mandir)/man1/"millm-*.1 "$(DESTDIR)$(mandir)/man1/millmd.1" \
	    "$(DESTDIR)$(bash_completions)/millm" "$(DESTDIR)$(bash_completions)/millmd" \
	    "$(DESTDIR)$(zsh_completions)/_millm" "$(DESTDIR)$(zsh_completions)/_millmd" \
	    "$(DESTDIR)$(fish_completions)/millm.fish" "$(DESTDIR)$(fish_completions)/millmd.fish"
	rm -rf "$(DESTDIR)$(datadir)/millm/templates" "$(DESTDIR)$(datadir)/millm/$(shipped_sae)"
	rmdir "$(DESTDIR)$(datadir)/millm/saes" "$(DESTDIR)$(datadir)/millm" 2>/dev/null || true

clean: ## Removes everything that was built here; libllama and the model stay
	rm -rf .build .build-tsan .build-asan .build-fuzz .build-benchmarks

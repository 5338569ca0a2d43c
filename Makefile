# The commands of README.md: make train, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The scale of the first network: make train SCALE=3
SCALE ?= 4

# Where t91/, bsd200/, set5/, set14/ and bsd100/ are, if they are not to be downloaded: make weights DATA=...
DATA_FLAGS = $(if $(DATA),--manual_dir=$(DATA))
# A process a core, each with whole files of tests.
PARALLEL = -n auto --dist=loadfile
QUICK = not slow and not robustness and not browser

.PHONY: train test test-fast coverage matrix lint format weights clean

# A first network in minutes. T91 is fetched if it can be reached; else there is nothing to download
# beside packages: photographs that come with scikit-image are trained on.
train: $(VENV)/installed
	$(BIN)/python bin/train --scale=$(SCALE) --steps=1000 --workdir=runs/first_x$(SCALE)
	@echo
	@echo "What to do with it (after: source $(VENV)/bin/activate):"
	@echo "  bin/upscale -i photo.jpg --scale=$(SCALE) --model=runs/first_x$(SCALE)    # a bigger picture"
	@echo "  bin/benchmark --weights=runs/first_x$(SCALE)    # Set5, Set14 (fetched), beside the paper's"
	@echo "  bin/benchmark --weights=runs/first_x$(SCALE) --datasets=sample_photos --html=report"
	@echo "                                              # a page to look at, with nothing to download"
	@echo "  bin/train --scale=$(SCALE) --network=slim-10x16                # another network, 1/36 of the arithmetic at x4"

# Everything; it ends by saying what was left out, and why.
test: $(VENV)/installed lint
	$(BIN)/python -m pytest $(PARALLEL)

# What is neither slow nor robustness nor browser: less than two minutes on two idle cores.
test-fast: $(VENV)/installed lint
	$(BIN)/python -m pytest $(PARALLEL) -m '$(QUICK)'

coverage: $(VENV)/installed
	$(BIN)/python -m pytest -m '$(QUICK)' --cov=srcnn_tf --cov=tfds_builders --cov-report=term:skip-covered

# The tests on every Python that is admitted, each with the oldest and the newest packages: an hour.
matrix:
	$(PYTHON) tests/version_matrix.py

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

format: $(VENV)/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# All pretrained networks again, each by the recipe that is kept beside it, from the pinned data, and
# after the network that it starts from: hours on a CPU. What is done is not redone.
weights: $(VENV)/installed
	names=$$($(BIN)/python bin/ship_weights --order) || exit 1; for name in $$names; do \
	  made=srcnn_tf/networks/pretrained/runs/$$name run=runs/pretrained/$$name; \
	  $(BIN)/python bin/train --config=$$made/config.json --workdir=$$run --test_sets=none $(DATA_FLAGS) \
	    && $(BIN)/python bin/ship_weights --runs=$$run $(DATA_FLAGS) || exit 1; \
	done

# Made last, so that an installation that broke off is tried again; tried before, so that a wrong
# Python or an environment that was moved is said in a sentence.
$(VENV)/installed: pyproject.toml | check-python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[all,test]'
	touch $@

.PHONY: check-python
check-python:
	@$(PYTHON) tests/check_python.py $(VENV)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache

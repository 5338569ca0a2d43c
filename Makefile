# The commands of README.md: make train, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Where t91/, set5/, set14/ and bsd200/ are, if they are not to be downloaded: make weights DATA=...
DATA_FLAGS = $(if $(DATA),--manual_dir=$(DATA))

.PHONY: train test matrix lint format weights clean

# A first network in minutes, with nothing to download beside packages.
train: $(VENV)/installed
	$(BIN)/python bin/train --scale=4 --steps=1000 --workdir=runs/first_x4

test: $(VENV)/installed lint
	$(BIN)/python -m pytest

# The tests on every Python that is admitted, each with the oldest and the newest packages: an hour.
matrix:
	$(PYTHON) tests/version_matrix.py

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# All shipped networks again, from the pinned data: hours on a CPU. What is done is not redone.
weights: $(VENV)/installed
	for network in srcnn-9-5-5 srcnn-9-1-5; do for scale in 2 3 4; do \
	  run=runs/shipped/$${network}_x$$scale; \
	  case $${network}_x$$scale in \
	    srcnn-9-5-5_x2|srcnn-9-1-5_x4) preset=shipped_plain ;; \
	    srcnn-9-5-5_*) preset=shipped ;; *) preset=shipped_sizes ;; esac; \
	  $(BIN)/python bin/train --preset=$$preset --dataset=t91 --network=$$network --scale=$$scale \
	    --workdir=$$run --test_sets=none $(DATA_FLAGS) && \
	  $(BIN)/python bin/ship_weights --runs=$$run $(DATA_FLAGS) || exit 1; \
	done; done

# Made last, so that an installation that broke off is tried again.
$(VENV)/installed: pyproject.toml requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache
